package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages of a region and how they are cut into trees. */
class PageRangeTableTest {

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
    PageRange pages = PageRange.within(Fixtures.range(address, sizeBytes), SHIFT);
    assertThat(pages.firstPage()).isEqualTo(firstPage);
    assertThat(pages.endPage()).isEqualTo(endPage);
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
    assertThat(new PageRange(firstPage, endPage - firstPage).treeCount()).isEqualTo(trees);
  }

  @Test
  void treesOfARegionCoverItWithoutGapOrOverlap() {
    PageRange pages = new PageRange(SPAN_PAGES - 3, 2 * SPAN_PAGES + 8);
    assertThat(pages.layouts(false))
        .containsExactly(
            TreeLayout.covering(SPAN_PAGES - 3, 3),
            TreeLayout.covering(SPAN_PAGES, 1 << Orders.MAX_ORDER),
            TreeLayout.covering(2 * SPAN_PAGES, 1 << Orders.MAX_ORDER),
            TreeLayout.covering(3 * SPAN_PAGES, 5));
    assertThat(pages.treeOf(SPAN_PAGES - 1)).isZero();
    assertThat(pages.treeOf(SPAN_PAGES)).isOne();
    assertThat(pages.treeOf(3 * SPAN_PAGES + 4)).isEqualTo(3);
  }

  @Test
  void almostAllAddressesThereAre() {
    PageRange pages = PageRange.within(Fixtures.range(0, Long.MAX_VALUE), 44);
    assertThat(pages.layouts(false))
        .containsExactly(
            TreeLayout.covering(0, 1 << Orders.MAX_ORDER),
            TreeLayout.covering(SPAN_PAGES, (1 << Orders.MAX_ORDER) - 1));
  }

  @Test
  void lastPagesOfAllAddresses() {
    Region end = Regions.addressRange(Long.MAX_VALUE - 1000, 1000);
    assertThat(PageRange.within(end, 0).layouts(false)).hasSize(1);
  }
}
