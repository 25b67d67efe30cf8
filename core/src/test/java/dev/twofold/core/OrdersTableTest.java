package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic of size classes against tables and slow definitions. */
class OrdersTableTest {

  @Test
  void thereAreNineteenOrdersUpToOneGibibyteOfSmallPages() {
    assertThat(Orders.MAX_ORDER).isEqualTo(18);
    assertThat(Orders.COUNT).isEqualTo(19);
    assertThat(Orders.pages(Orders.MAX_ORDER) * Fixtures.PAGE_BYTES).isEqualTo(Fixtures.GIB);
    assertThat(BuddyAllocator.MAX_ORDER).isEqualTo(Orders.MAX_ORDER);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "2, 1",
    "3, 2",
    "4, 2",
    "5, 3",
    "8, 3",
    "9, 4",
    "131072, 17",
    "131073, 18",
    "262144, 18",
    "262145, 19",
    "4611686018427387904, 62",
    "9223372036854775807, 63"
  })
  void smallestOrderThatHolds(long pageCount, int order) {
    assertThat(Orders.holding(pageCount)).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0",
    "0, 7, 2",
    "0, 8, 3",
    "0, 262144, 18",
    "0, 9223372036854775807, 18",
    "1, 262144, 0",
    "6, 262144, 1",
    "6, 1, 0",
    "8, 7, 2",
    "8, 8, 3",
    "262144, 262144, 18",
    "1048576, 1048576, 18",
    "4611686018427387904, 4611686018427387903, 18"
  })
  void largestOrderThatStarts(long page, long pageCount, int order) {
    assertThat(Orders.largestAt(page, pageCount)).isEqualTo(order);
  }

  @Test
  void largestOrderThatStartsIsTheLargestAlignedOneThatFits() {
    for (int page = 0; page < 200; page++) {
      for (int pageCount = 1; pageCount < 200; pageCount++) {
        int order = Orders.largestAt(page, pageCount);
        assertThat(fits(page, pageCount, order)).isTrue();
        assertThat(fits(page, pageCount, order + 1)).isFalse();
      }
    }
  }

  private static boolean fits(int page, int pageCount, int order) {
    int size = 1 << order;
    return page % size == 0 && size <= pageCount;
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "1, 0, 0", "4, 2, 0", "0, 2, 4", "12, 2, 8", "131072, 17, 0"})
  void buddyIsTheOtherHalf(int page, int order, int buddy) {
    assertThat(Orders.buddy(page, order)).isEqualTo(buddy);
  }

  @Test
  void buddiesAreMutualAndTogetherTheBlockOfTheNextOrder() {
    for (int order = 0; order < 8; order++) {
      for (int page = 0; page < 1024; page += 1 << order) {
        int buddy = Orders.buddy(page, order);
        assertThat(Orders.buddy(buddy, order)).isEqualTo(page);
        assertThat(Math.abs(page - buddy)).isEqualTo(1 << order);
        assertThat(Math.min(page, buddy)).isEqualTo(page / (2 << order) * (2 << order));
        assertThat(Orders.alignDown(page, order + 1)).isEqualTo(Math.min(page, buddy));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 0",
    "31, 5, 0",
    "32, 5, 32",
    "63, 0, 63",
    "262143, 18, 0",
    "262143, 17, 131072"
  })
  void blockThatContainsPage(int page, int order, int start) {
    assertThat(Orders.alignDown(page, order)).isEqualTo(start);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 17, 18})
  void validOrdersPass(int order) {
    assertThat(Orders.requireValid(order)).isEqualTo(order);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 19, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void otherOrdersAreRefused(int order) {
    assertThatThrownBy(() -> Orders.requireValid(order))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("order must be 0 to 18, not %d", order);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 0",
    "4096, 0",
    "4097, 1",
    "8192, 1",
    "8193, 2",
    "1048576, 8",
    "1048577, 9",
    "536870913, 18",
    "1073741824, 18"
  })
  void orderOfBytesWithSmallPages(long bytes, int order) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1)) {
      assertThat(allocator.orderOf(bytes)).isEqualTo(order);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3, 2",
    "1, 262144, 18",
    "17592186044416, 1, 0",
    "17592186044416, 17592186044417, 1",
    "17592186044416, 4611686018427387904, 18"
  })
  void orderOfBytesWithOtherPages(long pageBytes, long bytes, int order) {
    try (BuddyAllocator allocator = Fixtures.allocator(pageBytes, Fixtures.range(0, pageBytes))) {
      assertThat(allocator.orderOf(bytes)).isEqualTo(order);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, (1L << 30) + 1, Long.MAX_VALUE})
  void orderOfImpossibleBytesIsRefused(long bytes) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1)) {
      assertThatThrownBy(() -> allocator.orderOf(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("size must be 0 to 1073741824 bytes (one block of order 18), not %d", bytes);
    }
  }
}
