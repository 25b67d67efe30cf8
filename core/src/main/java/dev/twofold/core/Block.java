package dev.twofold.core;

/**
 * The place of a block as one {@code long}: its tree, and its first page counted from the tree's.
 */
final class Block {

  /** Stands for no block: of a tree that there is not. */
  static final long NONE = -1;

  private static final int TREE_SHIFT = Orders.MAX_ORDER;
  private static final int PAGE_MASK = Orders.pages(Orders.MAX_ORDER) - 1;

  private Block() {}

  static long of(int tree, int page) {
    return ((long) tree << TREE_SHIFT) | page;
  }

  static int tree(long block) {
    return (int) (block >>> TREE_SHIFT);
  }

  static int page(long block) {
    return (int) block & PAGE_MASK;
  }
}
