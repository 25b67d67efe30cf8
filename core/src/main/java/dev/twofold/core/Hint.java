package dev.twofold.core;

/**
 * The number of a block's first page in the whole allocator, as one {@code long}: tree and page.
 */
final class Hint {

  private static final int PAGE_BITS = Orders.MAX_ORDER;
  private static final long PAGE_MASK = (1L << PAGE_BITS) - 1;

  private Hint() {}

  static long of(int tree, int page) {
    return ((long) tree << PAGE_BITS) | page;
  }

  static int tree(long hint) {
    return (int) (hint >>> PAGE_BITS);
  }

  static int page(long hint) {
    return (int) (hint & PAGE_MASK);
  }
}
