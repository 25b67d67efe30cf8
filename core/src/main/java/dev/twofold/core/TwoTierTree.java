package dev.twofold.core;

/**
 * The seed's design applied twice. The upper tier is a {@link Tree} whose pages are the blocks of
 * order 9: orders 9 to 18, free lists and bits. A block of order 9 that is broken up becomes a
 * small tree in the lower tier: orders 0 to 8, bits alone. For the upper tier it is one allocated
 * block.
 *
 * <p>Small requests go to small trees, the fullest that serves first ({@link DensityLists}), and
 * break another block only if none can serve; a small tree that is all free goes back to the upper
 * tier. So small blocks gather, and the large ones that they kept apart grow together again.
 *
 * <p>A block that sticks out of the covered pages is a small tree for good.
 *
 * <p>Invariants: a page is in the free blocks of one tier, or in a block that is out of the lists,
 * of which {@link BlockStates} tells; a small tree is never whole between two operations. Pages are
 * counted from the span's first. Not thread-safe.
 */
final class TwoTierTree {

  /** Returned instead of a page when there is none. */
  static final int NONE = Tree.NONE;

  private static final int ORDER = SmallTrees.ORDER;

  private final TreeLayout layout;
  private final Tree upper;
  private final BitVector broken;
  private final SmallTrees small;
  private final DensityLists lists;

  /** Lays out a tree whose pages are all free. */
  TwoTierTree(TreeLayout layout) {
    this.layout = layout;
    int firstWhole = (layout.firstPage() + SmallTrees.PAGES - 1) >>> ORDER;
    int endWhole = Math.max(firstWhole, layout.endPage() >>> ORDER);
    int height = Math.max(0, layout.height() - ORDER);
    upper = new Tree(new TreeLayout(0, height, firstWhole, endWhole - firstWhole));
    broken = new BitVector(1 << height);
    small = new SmallTrees(1 << height);
    lists = new DensityLists(1 << height);
    addSmall(layout.firstPage(), Math.min(layout.endPage(), firstWhole << ORDER));
    addSmall(Math.max(layout.firstPage(), endWhole << ORDER), layout.endPage());
  }

  /** Returns the order of the largest free block, or {@link #NONE}. */
  int largestFreeOrder() {
    int largest = upper.largestFreeOrder();
    return largest == Tree.NONE ? lists.largestFreeOrder() : largest + ORDER;
  }

  /**
   * Takes a block of {@code order} out of the lists and returns its first page, or returns {@link
   * #NONE} and changes nothing if no free block is large enough. O(orders).
   */
  int allocate(int order) {
    if (order >= ORDER) {
      int tree = (int) upper.allocate(order - ORDER);
      return tree == Tree.NONE ? NONE : tree << ORDER;
    }
    int tree = lists.find(order);
    if (tree == DensityLists.NONE) {
      tree = breakUp();
      if (tree == Tree.NONE) {
        return NONE;
      }
    }
    int page = small.allocate(tree, order);
    place(tree);
    return (tree << ORDER) + page;
  }

  /**
   * Returns the order of the block that {@link #allocate} would take and split for {@code order},
   * or {@link #NONE}. O(orders).
   */
  int smallestHolding(int order) {
    if (order >= ORDER) {
      int unit = upper.smallestHolding(order - ORDER);
      return unit == Tree.NONE ? NONE : unit + ORDER;
    }
    int tree = lists.find(order);
    return tree == DensityLists.NONE ? smallestHolding(ORDER) : small.smallestHolding(tree, order);
  }

  /** Puts a block of {@code order} back into the lists, merging it as far as it goes. O(orders). */
  void free(int page, int order) {
    int tree = page >>> ORDER;
    if (order >= ORDER) {
      upper.free(tree);
      return;
    }
    small.free(tree, page & (SmallTrees.PAGES - 1), order);
    if (small.isWhole(tree)) {
      heal(tree);
    } else {
      place(tree);
    }
  }

  /**
   * Adds splits, merges and free blocks to {@code tally}; what is out of the lists is not known.
   */
  void addTo(Tally tally) {
    Tally units = new Tally();
    upper.addTo(units);
    tally.splits += units.splits;
    tally.merges += units.merges;
    for (int order = ORDER; order < Orders.COUNT; order++) {
      tally.freeBlocks[order] += units.freeBlocks[order - ORDER];
    }
    small.addTo(tally);
  }

  /** Returns a hash of all metadata. */
  long digest() {
    long hash = upper.digest() * 31 + broken.digest();
    return (hash * 31 + small.digest()) * 31 + lists.digest();
  }

  /**
   * Walks over all pages from block to block, and checks both tiers, in time linear in the pages.
   *
   * @param states the blocks that are out of the lists
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate(BlockStates states) {
    upper.validate();
    for (int tree = 0; tree < 1 << Math.max(0, layout.height() - ORDER); tree++) {
      small.validate(tree);
      lists.validate(tree, small.freeOrders(tree), small.freePages(tree));
      Invariant.hold(!small.isWhole(tree), "a whole small tree was not healed; tree", tree);
      boolean empty = small.freePages(tree) == 0;
      Invariant.hold(empty || broken.get(tree), "free pages in no small tree; tree", tree);
    }
    for (int page = layout.firstPage(); page < layout.endPage(); ) {
      int order = validateBlock(page, states);
      page += Orders.pages(order);
    }
  }

  private int validateBlock(int page, BlockStates states) {
    int out = states.order(page);
    int free = freeOrderAt(page);
    Invariant.hold(out == NONE || free == NONE, "a block is free and out at once; page", page);
    int order = Math.max(out, free);
    Invariant.hold(order != NONE, "a page lies in no block; page", page);
    Invariant.hold(Orders.alignDown(page, order) == page, "a block is misaligned; page", page);
    int end = page + Orders.pages(order);
    Invariant.hold(end <= layout.endPage(), "a block sticks out of its tree; page", page);
    for (int inside = page + 1; inside < end; inside++) {
      boolean none = states.order(inside) == NONE && freeOrderAt(inside) == NONE;
      Invariant.hold(none, "a block starts within another; page", inside);
    }
    return order;
  }

  private int freeOrderAt(int page) {
    int tree = page >>> ORDER;
    int inTree = page & (SmallTrees.PAGES - 1);
    if (broken.get(tree)) {
      return small.freeOrderAt(tree, inTree);
    }
    int order = inTree == 0 ? upper.freeOrderAt(tree) : Tree.NONE;
    return order == Tree.NONE ? NONE : order + ORDER;
  }

  private void addSmall(int page, int endPage) {
    while (page < endPage) {
      int order = Orders.largestAt(page, endPage - page);
      broken.set(page >>> ORDER);
      small.free(page >>> ORDER, page & (SmallTrees.PAGES - 1), order);
      place(page >>> ORDER);
      page += Orders.pages(order);
    }
  }

  private int breakUp() {
    int tree = (int) upper.allocate(0);
    if (tree != Tree.NONE) {
      broken.set(tree);
      small.free(tree, 0, ORDER);
    }
    return tree;
  }

  private void heal(int tree) {
    lists.remove(tree);
    small.takeWhole(tree);
    broken.clear(tree);
    upper.free(tree);
  }

  private void place(int tree) {
    lists.place(tree, small.freeOrders(tree), small.freePages(tree));
  }
}
