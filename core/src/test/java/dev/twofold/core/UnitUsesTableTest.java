package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How many slots draw on units, beside counts. */
class UnitUsesTableTest {

  private static final int UNITS = 70;

  /** Pages that must be free for a unit to be drawn on: see {@link Patience#allowsDrawing}. */
  private static final long SHARE = 16 * Tiers.UNIT_PAGES;

  private final Patience patience = new Patience();
  private final UnitUses uses = new UnitUses(UNITS, patience);
  private final int[] counts = new int[UNITS];

  @Test
  void besideCounts() {
    SplittableRandom random = new SplittableRandom(11);
    for (int step = 0; step < 5_000; step++) {
      int unit = random.nextInt(UNITS);
      if (random.nextBoolean()) {
        uses.add(unit);
        counts[unit]++;
      } else {
        assertThat(uses.release(unit)).as("the last slot lets go").isEqualTo(counts[unit] == 1);
        counts[unit] = Math.max(0, counts[unit] - 1);
      }
      assertAgrees(unit);
    }
    uses.retire();
    Arrays.fill(counts, 0);
    assertAgrees(0);
  }

  private void assertAgrees(int unit) {
    assertThat(uses.isUsed(unit)).isEqualTo(counts[unit] > 0);
    for (int word = 0; word <= UNITS / Long.SIZE; word++) {
      assertThat(uses.unused(word, bits(word, false))).isEqualTo(bits(word, true));
    }
    int drawn = (int) Arrays.stream(counts).filter(count -> count > 0).count();
    patience.add((drawn + 1) * SHARE, 0);
    assertThat(patience.allowsDrawing()).as("%d units are drawn on", drawn).isTrue();
    patience.add(-1, 0);
    assertThat(patience.allowsDrawing()).as("%d units are drawn on", drawn).isFalse();
    patience.add(1 - (drawn + 1) * SHARE, 0);
  }

  /** All units of a word of a summary, what stands for whole ones too, or those that are unused. */
  private long bits(int word, boolean unused) {
    long bits = word == 0 ? ReturnedUnits.bitOf(ReturnedUnits.WHOLE_UNITS) : 0;
    for (int unit = 0; unit < UNITS; unit++) {
      if (ReturnedUnits.wordOf(unit) == word && !(unused && counts[unit] > 0)) {
        bits |= ReturnedUnits.bitOf(unit);
      }
    }
    return bits;
  }
}
