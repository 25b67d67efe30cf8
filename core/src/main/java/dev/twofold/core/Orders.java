package dev.twofold.core;

/**
 * Arithmetic of size classes. A block of order k is 2^k pages, aligned to its own size; everything
 * here is a pure function of numbers.
 */
final class Orders {

  /**
   * The largest size class; one less than the number of size classes. With pages of 4 KiB its
   * blocks are 1 GiB, the largest huge page of x86-64 and AArch64.
   */
  static final int MAX_ORDER = 18;

  /** The number of size classes, orders 0 to {@link #MAX_ORDER}. */
  static final int COUNT = MAX_ORDER + 1;

  private Orders() {}

  /**
   * Returns {@code order} if it is one.
   *
   * @throws IllegalArgumentException if it is not
   */
  static int requireValid(int order) {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException(
          "order must be 0 to %d, not %d".formatted(MAX_ORDER, order));
    }
    return order;
  }

  /** Returns the pages in a block of {@code order}. */
  static int pages(int order) {
    return 1 << order;
  }

  /**
   * Returns the smallest order whose blocks hold {@code pageCount} pages, for {@code pageCount} of
   * at least 1. The result exceeds {@link #MAX_ORDER} when no block is large enough.
   */
  static int holding(long pageCount) {
    return Long.SIZE - Long.numberOfLeadingZeros(pageCount - 1);
  }

  /**
   * Returns the order of the largest block that starts at {@code page}, is aligned to its size and
   * ends within {@code pageCount} pages (at least 1).
   */
  static int largestAt(long page, long pageCount) {
    int byAlignment = page == 0 ? MAX_ORDER : Long.numberOfTrailingZeros(page);
    int byLength = Long.SIZE - 1 - Long.numberOfLeadingZeros(pageCount);
    return Math.min(MAX_ORDER, Math.min(byAlignment, byLength));
  }

  /** Returns the largest order in a mask of orders, or -1 if it is empty. */
  static int largestOf(int orders) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(orders);
  }

  /** Returns the first page of the buddy of the block of {@code order} at {@code page}. */
  static int buddy(int page, int order) {
    return page ^ (1 << order);
  }

  /** Returns the first page of the block of {@code order} that contains {@code page}. */
  static int alignDown(int page, int order) {
    return page & (-1 << order);
  }
}
