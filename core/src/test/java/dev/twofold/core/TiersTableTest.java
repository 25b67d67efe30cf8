package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where words stand, against the table of the four tiers and against slow divisions. */
class TiersTableTest {

  @ParameterizedTest
  @CsvSource({
    "0, 8192, 32, 0, 5",
    "1, 512, 16, 5, 9",
    "2, 16, 32, 9, 14",
    "3, 1, 16, 14, 18",
  })
  void fourTiers(int tier, int words, int places, int placeOrder, int wordOrder) {
    assertThat(Tiers.wordCount(tier, 18)).isEqualTo(words);
    assertThat(Tiers.places(tier)).isEqualTo(places);
    assertThat(Tiers.placeOrder(tier)).isEqualTo(placeOrder);
    assertThat(Tiers.placeOrder(tier + 1)).isEqualTo(wordOrder);
    assertThat(Tiers.wholeWord(tier)).isEqualTo(new PlainWord(places).bits());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "4, 0, 4",
    "5, 1, 0",
    "8, 1, 3",
    "9, 2, 0",
    "13, 2, 4",
    "14, 3, 0",
    "18, 3, 4"
  })
  void tierOfAnOrder(int order, int tier, int orderInWord) {
    assertThat(Tiers.of(order)).isEqualTo(tier);
    assertThat(Tiers.orderInWord(order)).isEqualTo(orderInWord);
  }

  @Test
  void everyOrderIsAllocatedInTheTierThatCanHoldIt() {
    for (int order = 0; order < Orders.COUNT; order++) {
      int tier = Tiers.of(order);
      assertThat(Tiers.placeOrder(tier) + Tiers.orderInWord(order)).isEqualTo(order);
      assertThat(Tiers.orderInWord(order)).isNotNegative();
      assertThat(1 << Tiers.orderInWord(order)).isLessThanOrEqualTo(Tiers.places(tier));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 8, 9, 10, 13, 14, 17, 18})
  void noWordIsTwoWordsAndNoneIsOutside(int height) {
    Set<Integer> words = new HashSet<>();
    int count = 0;
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      Set<Integer> wordsOfTier = new HashSet<>();
      for (int page = 0; page < 1 << height; page++) {
        wordsOfTier.add(Tiers.word(tier, page));
      }
      assertThat(wordsOfTier).hasSize(Tiers.wordCount(tier, height));
      words.addAll(wordsOfTier);
      count += wordsOfTier.size();
    }
    assertThat(words).hasSize(count).doesNotContain(Tiers.NOWHERE);
    assertThat(words).allMatch(word -> word < Tiers.wordCount(height));
    for (int index = 0; index < Tiers.wordCount(height); index++) {
      assertThat(words.contains(index)).isIn(false, Tiers.isOfTier(index));
    }
    assertThat(otherWords(height)).allMatch(word -> word < Tiers.wordCount(height));
    assertThat(otherWords(height)).doesNotHaveDuplicates().noneMatch(Tiers::isOfTier);
    assertThat(Tiers.unitCount(height)).isEqualTo(((1 << height) + 511) / 512);
    assertThat(Tiers.wordCount(height)).isGreaterThanOrEqualTo(lastWordOfUnits(height) + 1);
  }

  private static List<Integer> otherWords(int height) {
    List<Integer> words = new ArrayList<>();
    words.addAll(List.of(Tiers.NOWHERE, Tiers.SPAN_PAGE_WORD, Tiers.NUMBER_WORD));
    words.add(Tiers.PATIENCE_WORD);
    IntStream.range(0, 8).forEach(word -> words.add(Tiers.UNTOUCHED_WORD + word));
    IntStream.range(0, 9).forEach(word -> words.add(Tiers.RETURNED_WORD + word));
    IntStream.range(0, 9).forEach(word -> words.add(Tiers.WORTHWHILE_WORD + word));
    IntStream.range(-1, Tiers.unitCount(height)).map(Tiers::flagsWord).forEach(words::add);
    return words;
  }

  /** The words of a unit's pages are there even if the span is smaller than a unit. */
  private static int lastWordOfUnits(int height) {
    return Tiers.firstPageWord(Tiers.unitCount(height) - 1) + Tiers.UNIT_WORDS - 1;
  }

  @Test
  void wordsTakeHalfAByteAPage() {
    assertThat(Tiers.wordCount(Orders.MAX_ORDER) * 8L * 100)
        .isLessThan(52 * (long) Orders.pages(Orders.MAX_ORDER));
  }

  @Test
  void placesAreAlignedBlocksOfPages() {
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      int placePages = Orders.pages(Tiers.placeOrder(tier));
      int wordPages = placePages * Tiers.places(tier);
      for (int page = 0; page < 1 << 18; page += 31) {
        int word = Tiers.word(tier, page);
        int place = Tiers.place(tier, page);
        assertThat(place).isEqualTo(page % wordPages / placePages);
        assertThat(Tiers.page(tier, word, place)).isEqualTo(page - page % placePages);
      }
    }
  }

  @Test
  void theWordsOfAUnitLieInFourLinesByThemselves() {
    for (int unit = 0; unit < 512; unit++) {
      int first = Tiers.firstPageWord(unit);
      assertThat(Tiers.unitWord(unit) - first).isEqualTo(Tiers.UNIT_WORDS);
      assertThat(Tiers.firstPageWord(unit + 1) - first).isEqualTo(32);
    }
  }

  @Test
  void flagsShareNoLineWithWordsWhereverTheArrayStarts() {
    int lineWords = 8;
    for (int unit = ReturnedUnits.WHOLE_UNITS; unit < 512; unit++) {
      int flags = Tiers.flagsWord(unit);
      assertThat(flags - Tiers.unitWord(unit)).isGreaterThanOrEqualTo(lineWords);
      assertThat(Tiers.firstPageWord(unit + 1) - flags).isGreaterThanOrEqualTo(lineWords);
    }
  }

  @Test
  void theWordOfAGroupLiesInALineByItself() {
    for (int group = 0; group < WholeUnits.GROUPS; group++) {
      int word = Tiers.groupWord(group);
      assertThat(word).isEqualTo(Tiers.word(Tiers.UPPER, group * GroupHomes.GROUP_PAGES));
      assertThat(word).isEqualTo(Tiers.wholeUnitWord(WholeUnits.firstUnit(group)));
      assertThat(Tiers.groupWord(group + 1) - word).isEqualTo(32);
    }
    assertThat(Tiers.word(Tiers.TOP, 0) - Tiers.groupWord(15)).isEqualTo(16);
    assertThat(Tiers.groupWord(16)).isEqualTo(Tiers.firstPageWord(0));
  }

  @Test
  void unitsAndTheirPages() {
    assertThat(Tiers.UNIT_PAGES * Fixtures.PAGE_BYTES).isEqualTo(2 * Fixtures.MIB);
    for (int page = 0; page < 1 << 18; page++) {
      int unit = page / 512;
      assertThat(Tiers.pageWord(page)).isEqualTo(Tiers.word(Tiers.PAGES, page));
      assertThat(Tiers.pagePlace(page)).isEqualTo(Tiers.place(Tiers.PAGES, page));
      if (page % 32 == 0) {
        assertThat(Tiers.unitWord(unit)).isEqualTo(Tiers.word(Tiers.UNITS, page));
        assertThat(Tiers.firstPageWord(unit)).isEqualTo(Tiers.word(Tiers.PAGES, unit * 512));
        assertThat(Tiers.firstPageWordBeside(Tiers.pageWord(page)))
            .isEqualTo(Tiers.firstPageWord(unit));
      }
    }
  }
}
