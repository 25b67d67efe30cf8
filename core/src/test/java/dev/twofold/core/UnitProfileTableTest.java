package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a profile says of a unit, by table, and of a unit at work beside a count of its blocks. */
class UnitProfileTableTest {

  private static final int UNIT = 0;

  /** A unit's word has 16 places of 32 pages; the upper 16 of its bits are not covered. */
  @ParameterizedTest
  @CsvSource({
    // All of it is free, or all of it in words of pages.
    "FFFF00000000FFFF, -1, 0, 9, 512, true",
    "FFFFFFFF0000FFFF, 5, 512, 5, 512, true",
    // One place is broken up: its word is full, half free, all free.
    "FFFF00010000FFFF, -1, 0, 8, 480, false",
    "FFFF00010000FFFF, 4, 20, 8, 500, false",
    "FFFF00010000FFFF, 5, 32, 8, 512, true",
    // No place is free, and words of pages have little or nothing.
    "FFFFFFFF0000FFFF, 0, 3, 0, 3, false",
    "FFFFFFFF0000FFFF, -1, 0, -1, 0, false",
    "FFFF000100000000, -1, 0, -1, 0, false",
    // Places 2 and 3 are free, all others allocated.
    "FFFF00130000000C, -1, 0, 6, 64, false",
    "FFFF000700000008, 3, 9, 5, 41, false"
  })
  void table(String unitWord, int largest, int pages, int order, int freePages, boolean canHeal) {
    int profile = UnitProfile.of(Long.parseUnsignedLong(unitWord, 16), largest, pages);
    assertThat(UnitProfile.largestFreeOrder(profile)).isEqualTo(order);
    assertThat(UnitProfile.freePages(profile)).isEqualTo(freePages);
    assertThat(UnitProfile.canHeal(profile)).isEqualTo(canHeal);
  }

  @Test
  void nothing() {
    assertThat(UnitProfile.largestFreeOrder(UnitProfile.NOTHING)).isEqualTo(-1);
    assertThat(UnitProfile.freePages(UnitProfile.NOTHING)).isZero();
    assertThat(UnitProfile.canHeal(UnitProfile.NOTHING)).isFalse();
  }

  @Test
  void vacant() {
    assertThat(UnitProfile.largestFreeOrder(UnitProfile.VACANT)).isEqualTo(Tiers.UNIT_ORDER);
    assertThat(UnitProfile.freePages(UnitProfile.VACANT)).isEqualTo(Tiers.UNIT_PAGES);
  }

  @Test
  void ofAUnitAtWork() {
    for (long seed = 1; seed <= 5; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Tree tree = Fixtures.tree(TreeLayout.covering(0, Tiers.UNIT_PAGES), Words.CONFINED);
      UnitAges ages = IdleUnits.ofNew(tree, Words.CONFINED, 1).ages();
      assertThat(tree.breakUnit(ages, false)).isEqualTo(UNIT);
      List<Integer> held = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        int order = Math.min(random.nextInt(9), random.nextInt(9));
        int page = random.nextInt(5) < 3 ? tree.allocateInUnit(UNIT, order) : Tree.NONE;
        if (page != Tree.NONE) {
          held.add(page);
        } else if (!held.isEmpty()) {
          free(tree, held.remove(/* index */ random.nextInt(held.size())));
        }
        assertProfile("seed %d, step %d".formatted(seed, step), tree);
      }
      held.forEach(page -> free(tree, page));
      assertThat(UnitProfile.canHeal(tree.profile(UNIT))).isTrue();
      assertThat(tree.healUnit(UNIT)).isTrue();
      tree.validate();
    }
  }

  private static void free(Tree tree, int page) {
    int order = Words.CONFINED.free(tree.words(), Tiers.pageWord(page), Tiers.pagePlace(page));
    if (order == Words.NONE) {
      int place = Tiers.place(Tiers.UNITS, page);
      order = Words.CONFINED.free(tree.words(), Tiers.unitWord(UNIT), place);
    }
    assertThat(order).isNotEqualTo(Words.NONE);
  }

  private static void assertProfile(String what, Tree tree) {
    Tally tally = new Tally();
    tree.addTo(tally);
    long[] free = tally.freeBlocks;
    int largest = IntStream.range(0, free.length).filter(k -> free[k] > 0).max().orElse(-1);
    long pages = IntStream.range(0, free.length).mapToLong(order -> free[order] << order).sum();
    int profile = tree.profile(UNIT);
    assertThat(UnitProfile.largestFreeOrder(profile)).as(what).isEqualTo(largest);
    assertThat(UnitProfile.freePages(profile)).as(what).isEqualTo((int) pages);
    boolean wholePageWord =
        IntStream.range(Tiers.firstPageWord(UNIT), Tiers.firstPageWord(UNIT) + Tiers.UNIT_WORDS)
            .anyMatch(word -> tree.words()[word] == BuddyWord.FREE);
    assertThat(UnitProfile.canHeal(profile)).as(what).isEqualTo(wholePageWord || largest == 9);
  }
}
