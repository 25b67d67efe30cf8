package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The flags of units that were freed to, beside sets of units, and how often one is worth a look.
 */
class ReturnedUnitsTableTest {

  private static final Words ACCESS = Words.SHARED;
  private static final int WHOLE = ReturnedUnits.WHOLE_UNITS;
  private static final int UNITS = 512;

  private final long[] words = new long[Tiers.wordCount(Orders.MAX_ORDER)];

  /** Units as they are in the summaries: one more than a unit's number. */
  private final BitSet returned = new BitSet();

  private final BitSet worthwhile = new BitSet();

  @Test
  void besideSetsOfUnits() {
    SplittableRandom random = new SplittableRandom(3);
    ReturnedUnits.setPatience(ACCESS, words, 1);
    BitSet dense = new BitSet();
    int[] homes = new int[UNITS + 1];
    for (int step = 0; step < 4_000; step++) {
      int unit = random.nextInt(20) == 0 ? WHOLE : random.nextInt(UNITS);
      switch (random.nextInt(5)) {
        case 0 -> {
          ReturnedUnits.add(ACCESS, words, unit, new RunIndex());
          returned.set(unit + 1);
        }
        case 1 -> {
          int home = ReturnedUnits.addWorthwhile(ACCESS, words, unit, 1, random.nextLong());
          int expected = worthwhile.get(unit + 1) ? ReturnedUnits.NONE : homes[unit + 1];
          assertThat(home).isEqualTo(expected);
          worthwhile.set(unit + 1);
        }
        case 2 -> {
          boolean isDense = random.nextBoolean();
          ReturnedUnits.setDense(ACCESS, words, unit, isDense);
          dense.set(unit + 1, isDense);
        }
        case 3 -> {
          homes[unit + 1] = random.nextInt(Slots.MAX_HOMES);
          ReturnedUnits.setHome(ACCESS, words, unit, homes[unit + 1]);
        }
        default -> take(ReturnedUnits.wordOf(unit), random.nextBoolean(), random.nextLong());
      }
      assertThat(ReturnedUnits.isEmpty(ACCESS, words)).isEqualTo(returned.isEmpty());
      assertThat(ReturnedUnits.isDense(ACCESS, words, unit)).isEqualTo(dense.get(unit + 1));
      int word = ReturnedUnits.wordOf(unit);
      assertThat(ReturnedUnits.worthwhile(ACCESS, words, word)).isEqualTo(bits(worthwhile, word));
    }
  }

  /** Only the units that were asked for are forgotten, and both of their flags. */
  private void take(int word, boolean all, long some) {
    long expected =
        all
            ? (bits(returned, word) | bits(worthwhile, word)) & some
            : bits(worthwhile, word) & some;
    long taken =
        all
            ? ReturnedUnits.takeAll(ACCESS, words, word, some)
            : ReturnedUnits.takeWorthwhile(ACCESS, words, word, some);
    assertThat(taken).isEqualTo(expected);
    for (long rest = taken; rest != 0; rest &= rest - 1) {
      int unit = ReturnedUnits.firstUnit(word, rest);
      ReturnedUnits.take(ACCESS, words, unit);
      returned.clear(unit + 1);
      worthwhile.clear(unit + 1);
    }
  }

  private static long bits(BitSet units, int word) {
    long[] bits = units.get(word * Long.SIZE, (word + 1) * Long.SIZE).toLongArray();
    return bits.length == 0 ? 0 : bits[0];
  }

  @Test
  void noWordOfATierIsTouched() {
    ReturnedUnits.setPatience(ACCESS, words, 512);
    ReturnedUnits.setAllUntouched(ACCESS, words);
    for (int unit = WHOLE; unit < UNITS; unit++) {
      ReturnedUnits.add(ACCESS, words, unit, new RunIndex());
      ReturnedUnits.addWorthwhile(ACCESS, words, unit, 512, unit);
      ReturnedUnits.setDense(ACCESS, words, unit, true);
      ReturnedUnits.setHome(ACCESS, words, unit, 5);
    }
    for (int index = 0; index < words.length; index++) {
      if (Tiers.isOfTier(index)) {
        assertThat(words[index]).as("word %d", index).isZero();
      }
    }
  }

  @Test
  void whatIsSaidOfAUnitTwice() {
    ReturnedUnits.setAllUntouched(ACCESS, words);
    for (int unit : new int[] {0, 63, 64, UNITS - 1}) {
      assertUntouched(unit, true);
      ReturnedUnits.touch(ACCESS, words, unit);
      assertUntouched(unit, false);
      assertThat(ReturnedUnits.isTouched(words, unit)).isTrue();
      ReturnedUnits.setUntouched(ACCESS, words, unit);
      assertUntouched(unit, true);
    }
    ReturnedUnits.touch(ACCESS, words, 0, 64);
    assertUntouched(63, false);
    assertUntouched(64, true);
  }

  private void assertUntouched(int unit, boolean untouched) {
    assertThat(ReturnedUnits.isUntouched(ACCESS, words, unit))
        .as("unit %d", unit)
        .isEqualTo(untouched);
    assertThat(untouched && ReturnedUnits.isTouched(words, unit)).as("unit %d", unit).isFalse();
  }

  /**
   * A free of a block that another thread has freed already: says that the unit is touched, while
   * that other thread's work goes on until the unit's memory was given back. Whoever is handed out
   * a block after that has to say again that the unit is touched.
   */
  @Test
  void aTouchThatTheUnitGoesBackInTheMiddleOf() {
    ReturnedUnits.touch(new BackInBetween(7), words, 7);
    assertUntouched(7, true);
  }

  /**
   * A free that has read the flags before the unit is taken and goes on afterwards: its block was
   * free when the unit was looked at, and the next free must be seen all the same.
   */
  @Test
  void aNoteThatTheUnitIsTakenInTheMiddleOf() {
    long[] before = words.clone();
    ReturnedUnits.add(ACCESS, words, 7, new RunIndex());
    long bit = words[Tiers.RETURNED_WORD];
    System.arraycopy(before, 0, words, 0, words.length);
    Words late = new TakenInBetween(words, 7);
    ReturnedUnits.add(late, words, 7, new RunIndex());
    assertThat(words[Tiers.flagsWord(7)] & 1).as("the flag").isZero();
    ReturnedUnits.add(ACCESS, words, 7, new RunIndex());
    assertThat(words[Tiers.RETURNED_WORD] & bit).as("the next free").isEqualTo(bit);
  }

  /** Lets another thread say that a unit is untouched, when its flags are about to change. */
  private static final class BackInBetween extends Words {

    private final int unit;
    private boolean done;

    BackInBetween(int unit) {
      this.unit = unit;
    }

    @Override
    boolean swap(long[] words, int index, long expected, long replacement) {
      if (!done && index == Tiers.flagsWord(unit)) {
        done = true;
        ReturnedUnits.setUntouched(ACCESS, words, unit);
      }
      return ACCESS.swap(words, index, expected, replacement);
    }

    @Override
    long word(long[] words, int index) {
      return ACCESS.word(words, index);
    }
  }

  /** Lets another thread take a unit just after its bit of the summary was set. */
  private static final class TakenInBetween extends Words {

    private final long[] words;
    private final int unit;
    private boolean done;

    TakenInBetween(long[] words, int unit) {
      this.words = words;
      this.unit = unit;
    }

    @Override
    boolean swap(long[] all, int index, long expected, long replacement) {
      boolean swapped = ACCESS.swap(all, index, expected, replacement);
      if (index == Tiers.RETURNED_WORD && !done) {
        done = true;
        assertThat(ReturnedUnits.takeAll(ACCESS, words, 0, -1))
            .isEqualTo(ReturnedUnits.bitOf(unit));
        ReturnedUnits.take(ACCESS, words, unit);
      }
      return swapped;
    }

    @Override
    long word(long[] all, int index) {
      return ACCESS.word(all, index);
    }
  }

  /** After about as many pages as the patience says, in blocks of any size. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1000",
    "1, 0, 0",
    "64, 0, 0",
    "64, 64, 1000",
    "64, 256, 1000",
    "2, 1, 500",
    "8, 1, 125",
    "8, 4, 500",
    "64, 16, 250",
    "512, 256, 500",
    "512, 511, 998"
  })
  void chanceGrowsWithTheBlock(int patience, int pages, int perMille) {
    ReturnedUnits.setPatience(ACCESS, words, patience);
    int count = 0;
    for (int page = 0; page < 8192; page++) {
      if (ReturnedUnits.addWorthwhile(ACCESS, words, 5, pages, page) != ReturnedUnits.NONE) {
        count++;
        ReturnedUnits.takeAll(ACCESS, words, 0, -1);
        ReturnedUnits.take(ACCESS, words, 5);
      }
    }
    int tolerance = perMille % 1000 == 0 ? 0 : 20;
    assertThat(count * 1000 / 8192).isBetween(perMille - tolerance, perMille + tolerance);
  }
}
