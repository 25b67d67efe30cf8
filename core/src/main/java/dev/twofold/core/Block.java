package dev.twofold.core;

/**
 * Where a block is, as one {@code long}, so that it is found again without arithmetic:
 *
 * <pre>
 *   bits   0 to 17   first page, counted from the first of the tree's span
 *         18 to 22   place in its word
 *         23 to 37   index of its word in its tree
 *         38 to 53   tree
 * </pre>
 */
final class Block {

  /** Stands for no block: of a tree that there is not. */
  static final long NONE = -1;

  private static final int PAGE_MASK = Orders.pages(Orders.MAX_ORDER) - 1;
  private static final int PLACE_SHIFT = 18;
  private static final int PLACE_MASK = (1 << 5) - 1;
  private static final int INDEX_SHIFT = 23;
  private static final int INDEX_MASK = (1 << 15) - 1;
  private static final int TREE_SHIFT = 38;

  private Block() {}

  /** Returns the block of {@code order} that starts at {@code page}. */
  static long of(int tree, int page, int order) {
    int tier = Tiers.of(order);
    return of(tree, page, Tiers.word(tier, page), Tiers.place(tier, page));
  }

  /** Returns the block of the lowest tier's words that starts at {@code page}. */
  static long ofPages(int tree, int page) {
    return of(tree, page, Tiers.pageWord(page), Tiers.pagePlace(page));
  }

  private static long of(int tree, int page, int index, int place) {
    return ((long) tree << TREE_SHIFT)
        | ((long) index << INDEX_SHIFT)
        | (place << PLACE_SHIFT)
        | page;
  }

  static int tree(long block) {
    return (int) (block >>> TREE_SHIFT);
  }

  static int index(long block) {
    return (int) (block >>> INDEX_SHIFT) & INDEX_MASK;
  }

  static int place(long block) {
    return ((int) block >>> PLACE_SHIFT) & PLACE_MASK;
  }

  static int page(long block) {
    return (int) block & PAGE_MASK;
  }
}
