package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbering of a tree's blocks and slots. */
class PlainLayoutTableTest {

  @ParameterizedTest
  @CsvSource({
    // page, pages, span, height, first page within the span
    "0, 1, 0, 0, 0",
    "5, 1, 5, 0, 0",
    "0, 2, 0, 1, 0",
    "1, 2, 0, 2, 1",
    "5, 3, 4, 2, 1",
    "7, 2, 0, 4, 7",
    "0, 262144, 0, 18, 0",
    "1, 262143, 0, 18, 1",
    "262144, 262144, 262144, 18, 0",
    "262151, 13, 262144, 5, 7",
    "393215, 2, 262144, 18, 131071",
    "2251799813685247, 1, 2251799813685247, 0, 0"
  })
  void spanIsTheSmallestAlignedOneAround(
      long page, int pageCount, long spanPage, int height, int firstPage) {
    assertThat(PlainLayout.covering(page, pageCount))
        .isEqualTo(new PlainLayout(spanPage, height, firstPage, pageCount));
  }

  static Stream<PlainLayout> layouts() {
    return Stream.of(
        PlainLayout.covering(0, 1),
        PlainLayout.covering(0, 8),
        PlainLayout.covering(5, 3),
        PlainLayout.covering(7, 2),
        PlainLayout.covering(1, 62),
        PlainLayout.covering(262151, 509),
        PlainLayout.covering(1024, 1024));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void stripesAreDisjointRangesOfOneNumbering(PlainLayout layout) {
    BitSet taken = new BitSet();
    for (int order = 0; order <= layout.height(); order++) {
      for (int block = 0; block < 1 << (layout.height() - order); block++) {
        int node = layout.firstNode(order) + block;
        assertThat(taken.get(node)).isFalse();
        taken.set(node);
      }
    }
    assertThat(taken.get(0)).isFalse();
    assertThat(taken.cardinality()).isEqualTo(layout.nodeCount() - 1);
    assertThat(taken.length()).isEqualTo(layout.nodeCount());
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void buddyAndParentAreArithmeticOnNodes(PlainLayout layout) {
    for (int order = 0; order < layout.height(); order++) {
      for (int page = 0; page < 1 << layout.height(); page += 1 << order) {
        int node = node(layout, page, order);
        int buddyPage = Orders.buddy(page, order);
        assertThat(node ^ 1).isEqualTo(node(layout, buddyPage, order));
        assertThat(node >> 1).isEqualTo(node(layout, Math.min(page, buddyPage), order + 1));
      }
    }
    assertThat(node(layout, 0, layout.height())).isEqualTo(1);
  }

  private static int node(PlainLayout layout, int page, int order) {
    return layout.firstNode(order) + page / (1 << order);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void everyCoveredPageAndEveryHeadHasASlotOfItsOwn(PlainLayout layout) {
    BitSet taken = new BitSet();
    for (int page = layout.firstPage(); page < layout.endPage(); page++) {
      int slot = layout.slot(page);
      assertThat(layout.page(slot)).isEqualTo(page);
      assertThat(taken.get(slot)).isFalse();
      taken.set(slot);
    }
    for (int order = 0; order <= layout.height(); order++) {
      int slot = layout.headSlot(order);
      assertThat(taken.get(slot)).isFalse();
      taken.set(slot);
    }
    assertThat(taken.cardinality()).isEqualTo(layout.slotCount());
    assertThat(taken.length()).isEqualTo(layout.slotCount());
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void largestOrderStaysWithinTheCoveredPages(PlainLayout layout) {
    for (int page = layout.firstPage(); page < layout.endPage(); page++) {
      int order = layout.largestOrderAt(page);
      assertThat(fits(layout, page, order)).isTrue();
      assertThat(fits(layout, page, order + 1)).isFalse();
    }
  }

  private static boolean fits(PlainLayout layout, int page, int order) {
    int size = 1 << order;
    return page % size == 0 && page + size <= layout.endPage();
  }
}
