package dev.twofold.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChurnPlanTest {

  private final ChurnPlan plan = new ChurnPlan(1);

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "-4, 2", "256, 8", "512, 9", "1024, 9", "0, 9"})
  void orderIsTrailingZeros(long random, int order) {
    assertThat(ChurnPlan.orderFrom(random)).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.5",
    "1, 0.25",
    "2, 0.125",
    "3, 0.0625",
    "4, 0.03125",
    "5, 0.015625",
    "6, 0.0078125",
    "7, 0.00390625",
    "8, 0.001953125",
    "9, 0.001953125"
  })
  void ordersAreGeometric(int order, double share) {
    int count = 0;
    for (int step = 0; step < ChurnPlan.LENGTH; step++) {
      count += ChurnPlan.order(plan.operation(step)) == order ? 1 : 0;
    }
    double deviation = Math.sqrt(share * (1 - share) / ChurnPlan.LENGTH);
    assertThat(count / (double) ChurnPlan.LENGTH).isCloseTo(share, within(5 * deviation));
  }

  @Test
  void everySlotIsPicked() {
    boolean[] picked = new boolean[ChurnPlan.SLOTS];
    for (int step = 0; step < ChurnPlan.LENGTH; step++) {
      picked[ChurnPlan.slot(plan.operation(step))] = true;
    }
    assertThat(picked).doesNotContain(false);
  }

  @Test
  void runsInACircleAndRepeatsWithItsSeed() {
    assertThat(plan.operation(ChurnPlan.LENGTH + 7)).isEqualTo(plan.operation(7));
    assertThat(new ChurnPlan(1).operation(7)).isEqualTo(plan.operation(7));
  }
}
