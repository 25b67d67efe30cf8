package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which region and tree an address belongs to. */
class AddressMapTableTest {

  private static final int SHIFT = 12;
  private static final long SPAN_PAGES = 1L << Orders.MAX_ORDER;

  @ParameterizedTest
  @CsvSource({
    // address, bytes, first whole page, page behind the last whole one
    "0, 4096, 0, 1",
    "1, 8191, 1, 2",
    "4095, 4097, 1, 2",
    "4096, 4095, 1, 1",
    "4097, 8190, 2, 2",
    "20603, 12288, 6, 8",
    "0, 9223372036854775807, 0, 2251799813685247",
    "9223372036854775806, 1, 2251799813685248, 2251799813685247",
    "9223372036854767616, 8191, 2251799813685246, 2251799813685247"
  })
  void wholePagesOfARange(long address, long sizeBytes, long firstPage, long endPage) {
    Region region = Fixtures.range(address, sizeBytes);
    assertThat(AddressMap.firstPage(region, SHIFT)).isEqualTo(firstPage);
    assertThat(AddressMap.endPage(region, SHIFT)).isEqualTo(endPage);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1",
    "0, 262144, 1",
    "0, 262145, 2",
    "262143, 262145, 2",
    "262143, 262144, 1",
    "5, 524289, 3",
    "0, 2251799813685247, 8589934592"
  })
  void treesAreCutAtMultiplesOfTheLargestBlock(long firstPage, long endPage, long trees) {
    assertThat(AddressMap.treeCount(firstPage, endPage)).isEqualTo(trees);
  }

  @Test
  void treesOfARegionCoverItWithoutGapOrOverlap() {
    AddressMap map = map(Fixtures.pages(SPAN_PAGES - 3, 2 * SPAN_PAGES + 8));
    assertThat(map.layouts())
        .containsExactly(
            TreeLayout.covering(SPAN_PAGES - 3, 3),
            TreeLayout.covering(SPAN_PAGES, 1 << Orders.MAX_ORDER),
            TreeLayout.covering(2 * SPAN_PAGES, 1 << Orders.MAX_ORDER),
            TreeLayout.covering(3 * SPAN_PAGES, 5));
  }

  @Test
  void addressesAtTheEdgesOfOneRegion() {
    AddressMap map = map(Fixtures.range(5 * 4096 + 123, 3 * 4096));
    assertThat(map.regionAt(0)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(5 * 4096 + 123)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(6 * 4096 - 1)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(6 * 4096)).isZero();
    assertThat(map.regionAt(8 * 4096 - 1)).isZero();
    assertThat(map.regionAt(8 * 4096)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(Long.MAX_VALUE)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(-1)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(Long.MIN_VALUE)).isEqualTo(AddressMap.NONE);
  }

  @Test
  void negativeAddressesLieNowhereEvenIfAPageIsAByte() {
    AddressMap map = new AddressMap(0, List.of(Fixtures.range(0, 10), Fixtures.range(20, 10)));
    assertThat(map.regionAt(-1)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(Long.MIN_VALUE)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(9)).isZero();
    assertThat(map.regionAt(10)).isEqualTo(AddressMap.NONE);
    assertThat(map.regionAt(29)).isOne();
  }

  @Test
  void addressesAmongSeveralRegionsWithGapsAndAdjacentOnes() {
    AddressMap map =
        map(Fixtures.pages(2, 3), Fixtures.pages(5, 1), Fixtures.pages(10, 2 * SPAN_PAGES));
    long[] pages = {1, 2, 4, 5, 6, 9, 10, 2 * SPAN_PAGES + 9, 2 * SPAN_PAGES + 10};
    int[] regions = {-1, 0, 0, 1, -1, -1, 2, 2, -1};
    for (int index = 0; index < pages.length; index++) {
      assertThat(map.regionAt(pages[index] << SHIFT)).isEqualTo(regions[index]);
    }
    assertThat(map.layouts()).hasSize(5);
    assertThat(map.treeAt(1L << SHIFT)).isEqualTo(AddressMap.NONE);
    assertThat(map.treeAt(6L << SHIFT)).isEqualTo(AddressMap.NONE);
    assertThat(map.treeAt(4L << SHIFT)).isEqualTo(0);
    assertThat(map.treeAt(5L << SHIFT)).isEqualTo(1);
    assertThat(map.treeAt(10L << SHIFT)).isEqualTo(2);
    assertThat(map.treeAt((SPAN_PAGES - 1) << SHIFT)).isEqualTo(2);
    assertThat(map.treeAt(SPAN_PAGES << SHIFT)).isEqualTo(3);
    assertThat(map.treeAt((2 * SPAN_PAGES + 9) << SHIFT)).isEqualTo(4);
  }

  @Test
  void almostAllAddressesThereAre() {
    int shift = 44;
    AddressMap map = new AddressMap(shift, List.of(Fixtures.range(0, Long.MAX_VALUE)));
    assertThat(map.layouts())
        .containsExactly(
            TreeLayout.covering(0, 1 << Orders.MAX_ORDER),
            TreeLayout.covering(SPAN_PAGES, (1 << Orders.MAX_ORDER) - 1));
    assertThat(map.regionAt((1L << 62) - 1)).isZero();
    assertThat(map.treeAt((1L << 62) - 1)).isZero();
    assertThat(map.treeAt(1L << 62)).isOne();
    assertThat(map.regionAt(Long.MAX_VALUE)).isEqualTo(AddressMap.NONE);
  }

  private static AddressMap map(Region... regions) {
    return new AddressMap(SHIFT, List.of(regions));
  }

  @Test
  void lastPagesOfAllAddresses() {
    Region end = Regions.addressRange(Long.MAX_VALUE - 1000, 1000);
    assertThat(new AddressMap(0, List.of(end)).layouts()).hasSize(1);
  }
}
