package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is packed into a profile comes out again; and that of a tree at work, beside a count. */
class WholeProfileTableTest {

  @ParameterizedTest
  @CsvSource({"-1, 0, 0", "-1, 0, 512", "9, 1, 511", "13, 511, 1", "18, 512, 0"})
  void table(int largest, int freeUnits, int brokenUnits) {
    assertProfile(
        WholeProfile.of(largest, freeUnits, brokenUnits), largest, freeUnits, brokenUnits);
  }

  @Test
  void ofATreeAtWork() {
    for (long seed = 1; seed <= 5; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Tree tree = Fixtures.tree(TreeLayout.covering(0, 1 << Orders.MAX_ORDER), Words.CONFINED);
      UnitAges ages = IdleUnits.ofNew(tree, Words.CONFINED, 512).ages();
      List<Integer> broken = new ArrayList<>();
      for (int step = 0; step < 300; step++) {
        int order = Math.min(random.nextInt(9, 17), random.nextInt(9, 17));
        if (random.nextBoolean()) {
          tree.allocateLarge(order, ages, UnitChoice.ALL_GROUPS);
        } else {
          int unit = tree.breakUnit(ages, false);
          if (unit != Tree.NONE) {
            broken.add(tree.allocateInUnit(unit, 8));
          }
        }
        Tally tally = new Tally();
        tree.addTo(tally);
        long[] free = tally.freeBlocks;
        int largest = IntStream.range(9, free.length).filter(k -> free[k] > 0).max().orElse(-1);
        long units = IntStream.range(9, free.length).mapToLong(k -> free[k] << k >> 9).sum();
        assertThat(free[8])
            .as("halves free, seed %d, step %d", seed, step)
            .isEqualTo(broken.size());
        assertProfile(tree.wholeProfile(), largest, (int) units, broken.size());
      }
    }
  }

  private static void assertProfile(int profile, int largest, int freeUnits, int brokenUnits) {
    assertThat(WholeProfile.largestFreeOrder(profile)).isEqualTo(largest);
    assertThat(WholeProfile.freeUnits(profile)).isEqualTo(freeUnits);
    assertThat(WholeProfile.brokenUnits(profile)).isEqualTo(brokenUnits);
  }
}
