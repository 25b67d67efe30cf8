package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which region an address belongs to, and the words of which tree. */
class AddressMapTableTest {

  private static final int SHIFT = 12;
  private static final long SPAN_PAGES = 1L << Orders.MAX_ORDER;
  private static final int NONE = -1;

  private final TreeArray array = new TreeArray(Words.SHARED);

  private AddressMap map(int pageShift, Region... regions) {
    return new AddressMap(
        Arrays.stream(regions).map(region -> new RegionTrees(region, pageShift, array)).toList());
  }

  private static int regionOf(AddressMap map, long page) {
    RegionTrees region = map.regionOf(page);
    return region == null ? NONE : map.regions().indexOf(region);
  }

  private static int regionAt(AddressMap map, long address) {
    return regionOf(map, address >>> SHIFT);
  }

  @Test
  void addressesAtTheEdgesOfOneRegion() {
    AddressMap map = map(SHIFT, Fixtures.range(5 * 4096 + 123, 3 * 4096));
    assertThat(regionAt(map, 0)).isEqualTo(NONE);
    assertThat(regionAt(map, 5 * 4096 + 123)).isEqualTo(NONE);
    assertThat(regionAt(map, 6 * 4096 - 1)).isEqualTo(NONE);
    assertThat(regionAt(map, 6 * 4096)).isZero();
    assertThat(regionAt(map, 8 * 4096 - 1)).isZero();
    assertThat(regionAt(map, 8 * 4096)).isEqualTo(NONE);
    assertThat(regionAt(map, Long.MAX_VALUE)).isEqualTo(NONE);
    assertThat(regionAt(map, -1)).isEqualTo(NONE);
    assertThat(regionAt(map, Long.MIN_VALUE)).isEqualTo(NONE);
  }

  @Test
  void negativeAddressesLieNowhereEvenIfAPageIsAByte() {
    AddressMap map = map(0, Fixtures.range(0, 10), Fixtures.range(20, 10));
    assertThat(regionOf(map, -1)).isEqualTo(NONE);
    assertThat(regionOf(map, Long.MIN_VALUE)).isEqualTo(NONE);
    assertThat(regionOf(map, 9)).isZero();
    assertThat(regionOf(map, 10)).isEqualTo(NONE);
    assertThat(regionOf(map, 29)).isOne();
  }

  @Test
  void withoutARegionAddressesLieNowhere() {
    AddressMap map = new AddressMap(List.of());
    for (long address : new long[] {0, 4096, -1, Long.MAX_VALUE}) {
      assertThat(regionOf(map, address)).isEqualTo(NONE);
      assertThat(map.wordsOf(address)).isSameAs(TreeWords.NOTHING);
    }
  }

  @Test
  void addressesAmongSeveralRegionsWithGapsAndAdjacentOnes() {
    AddressMap map =
        map(SHIFT, Fixtures.pages(2, 3), Fixtures.pages(5, 1), Fixtures.pages(10, 2 * SPAN_PAGES));
    long[] pages = {1, 2, 4, 5, 6, 9, 10, 2 * SPAN_PAGES + 9, 2 * SPAN_PAGES + 10};
    int[] regions = {NONE, 0, 0, 1, NONE, NONE, 2, 2, NONE};
    for (int index = 0; index < pages.length; index++) {
      assertThat(regionOf(map, pages[index])).isEqualTo(regions[index]);
    }
  }

  /** Each tree gets words with its number, counted over all regions. */
  @Test
  void addressesLeadToTheWordsOfTheirTree() {
    AddressMap map =
        map(SHIFT, Fixtures.pages(2, 3), Fixtures.pages(5, 1), Fixtures.pages(10, 2 * SPAN_PAGES));
    long[] pages = {1, 6, 4, 5, 10, SPAN_PAGES - 1, SPAN_PAGES, 2 * SPAN_PAGES + 9};
    int[] trees = {NONE, NONE, 0, 1, 2, 2, 3, 4};
    for (RegionTrees region : map.regions()) {
      region.putOnline();
      for (LockedTree tree : region.trees()) {
        assertThat(tree.allocate(0, new PaddedSlot(false, 0), false, false))
            .isNotEqualTo(LockedTree.NONE);
      }
    }
    for (int index = 0; index < pages.length; index++) {
      long[] words = map.wordsOf(pages[index]);
      if (trees[index] == NONE) {
        assertThat(words).isSameAs(TreeWords.NOTHING);
      } else {
        assertThat(TreeWords.number(words)).isEqualTo(trees[index]);
        assertThat(words)
            .isNotSameAs(TreeWords.NOTHING)
            .isSameAs(array.allWords().of(trees[index]));
      }
    }
  }
}
