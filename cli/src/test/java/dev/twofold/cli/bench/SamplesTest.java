package dev.twofold.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {

  @ParameterizedTest
  @CsvSource({"3, 3, 3, 3", "4 1, 2.5, 1, 4", "9 1 5, 5, 1, 9", "1 100 2 3, 2.5, 1, 100"})
  void tellsMedianAndSpread(String text, double median, double min, double max) {
    List<Double> values = Arrays.stream(text.split(" ", -1)).map(Double::valueOf).toList();
    Samples samples = new Samples(values);
    assertThat(samples.median()).isEqualTo(median);
    assertThat(samples.min()).isEqualTo(min);
    assertThat(samples.max()).isEqualTo(max);
  }

  @Test
  void lapsAreSharedOutAmongThreadsAndOperations() {
    Laps laps = new Laps(2);
    laps.add(0, 1000, 1600);
    laps.add(1, 1200, 2000);
    laps.add(0, 1800, 2200);
    assertThat(laps.nanosEach(10)).isEqualTo((1000 + 800) / 2.0 / 10);
    assertThat(laps.perSecond(600)).isCloseTo(1e9, within(1.0));
  }

  @Test
  void occupancyHoldsOneBlockOfTheLargestSizeAndTwiceAsManyOfEachSmaller() {
    int[] blocks = new int[5];
    for (int slot = 0; slot < 31; slot++) {
      blocks[Churn.occupancyOrder(slot)]++;
    }
    assertThat(blocks).containsExactly(16, 8, 4, 2, 1);
  }
}
