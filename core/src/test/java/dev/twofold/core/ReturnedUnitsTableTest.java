package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
  private static final int UNITS = ReturnedUnits.WHOLE_UNITS + 1;

  private final long[] words = new long[Tiers.wordCount(Orders.MAX_ORDER)];

  @Test
  void besideSetsOfUnits() {
    SplittableRandom random = new SplittableRandom(3);
    ReturnedUnits.setPatience(ACCESS, words, 1);
    BitSet returned = new BitSet();
    BitSet worthwhile = new BitSet();
    BitSet dense = new BitSet();
    for (int step = 0; step < 4_000; step++) {
      int unit = random.nextInt(20) == 0 ? ReturnedUnits.WHOLE_UNITS : random.nextInt(UNITS);
      switch (random.nextInt(4)) {
        case 0 -> {
          ReturnedUnits.add(ACCESS, words, unit);
          returned.set(unit);
        }
        case 1 -> {
          boolean first = ReturnedUnits.addWorthwhile(ACCESS, words, unit, 1, random.nextLong());
          assertThat(first).isEqualTo(!worthwhile.get(unit));
          worthwhile.set(unit);
        }
        case 2 -> {
          boolean isDense = random.nextBoolean();
          ReturnedUnits.setDense(ACCESS, words, unit, isDense);
          dense.set(unit, isDense);
        }
        default -> take(unit / ReturnedUnits.UNITS, random.nextBoolean(), returned, worthwhile);
      }
      assertThat(ReturnedUnits.isEmpty(ACCESS, words)).isEqualTo(returned.isEmpty());
      assertThat(ReturnedUnits.isDense(ACCESS, words, unit)).isEqualTo(dense.get(unit));
      int word = unit / ReturnedUnits.UNITS;
      assertThat(ReturnedUnits.isWorthwhile(ACCESS, words, word))
          .isEqualTo(!ofWord(worthwhile, word).isEmpty());
    }
  }

  /** Only the units that were asked for are forgotten, and both of their flags. */
  private void take(int word, boolean all, BitSet returned, BitSet worthwhile) {
    BitSet everyUnit = new BitSet();
    everyUnit.set(word * ReturnedUnits.UNITS, (word + 1) * ReturnedUnits.UNITS);
    BitSet taken = all ? everyUnit : ofWord(worthwhile, word);
    BitSet expected = new BitSet();
    expected.or(taken);
    expected.and(returned);
    long flags =
        all
            ? ReturnedUnits.takeAll(ACCESS, words, word)
            : ReturnedUnits.takeWorthwhile(ACCESS, words, word);
    BitSet actual = new BitSet();
    for (long rest = flags; rest != 0; rest &= rest - 1) {
      actual.set(ReturnedUnits.firstUnit(word, rest));
    }
    assertThat(actual).isEqualTo(expected);
    returned.andNot(taken);
    worthwhile.andNot(taken);
  }

  private static BitSet ofWord(BitSet units, int word) {
    BitSet ofWord = new BitSet();
    ofWord.or(units);
    ofWord.clear(0, word * ReturnedUnits.UNITS);
    ofWord.clear((word + 1) * ReturnedUnits.UNITS, UNITS + ReturnedUnits.UNITS);
    return ofWord;
  }

  @Test
  void noWordOfATierIsTouched() {
    ReturnedUnits.setPatience(ACCESS, words, 512);
    for (int unit = 0; unit < UNITS; unit++) {
      ReturnedUnits.add(ACCESS, words, unit);
      ReturnedUnits.addWorthwhile(ACCESS, words, unit, 512, unit);
      ReturnedUnits.setDense(ACCESS, words, unit, true);
    }
    long[] spare = Arrays.copyOfRange(words, Tiers.FIRST_SPARE_WORD, Tiers.FIRST_SPARE_WORD + 45);
    assertThat(Arrays.stream(spare).map(Long::bitCount).sum()).isEqualTo(3L * UNITS + 9);
    Arrays.fill(words, Tiers.FIRST_SPARE_WORD, Tiers.FIRST_SPARE_WORD + 45, 0);
    assertThat(words).containsOnly(0);
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
      if (ReturnedUnits.addWorthwhile(ACCESS, words, 5, pages, page)) {
        count++;
        ReturnedUnits.takeAll(ACCESS, words, 0);
      }
    }
    int tolerance = perMille % 1000 == 0 ? 0 : 20;
    assertThat(count * 1000 / 8192).isBetween(perMille - tolerance, perMille + tolerance);
  }
}
