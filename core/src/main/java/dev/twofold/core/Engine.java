package dev.twofold.core;

/**
 * The life of a block. The fast paths are one change of one word each and touch nothing else that
 * threads share: to allocate is to take a block from the word that the slot's cursor points at, to
 * free is to put it back into the word that its address names.
 */
final class Engine {

  /** Returned instead of a page number when no block is large enough. */
  static final long NO_PAGE = TreeArray.NONE;

  private final TreeArray trees;
  private final Words access;
  private final Slots slots;

  Engine(TreeArray trees, Words access, Slots slots) {
    this.trees = trees;
    this.access = access;
    this.slots = slots;
  }

  /** Throws a {@link WrongThreadException} if the current thread may not use the allocator. */
  void requireAccess() {
    slots.requireAccess();
  }

  /** Allocates a block of {@code order}; returns its absolute page number or {@link #NO_PAGE}. */
  long allocate(int order) {
    Slot slot = slots.current();
    if (order < Tiers.UNIT_ORDER) {
      long block = slot.popRecent(order);
      if (block != Cursor.NOWHERE) {
        return allocateRecent(order, slot, block);
      }
    }
    return allocateAtCursor(order, slot);
  }

  private long allocateRecent(int order, Slot slot, long block) {
    LockedTree tree = trees.at(Cursor.tree(block));
    boolean claimed =
        access.claim(
            tree.words(), Cursor.index(block), Cursor.place(block), Cursor.orderInWord(block));
    if (!claimed) {
      return allocate(order);
    }
    slot.count(0);
    return tree.spanPage() + Cursor.page(block, Cursor.place(block));
  }

  private long allocateAtCursor(int order, Slot slot) {
    long cursor = slot.cursor(order);
    LockedTree tree = trees.at(Cursor.tree(cursor));
    int found = access.allocate(tree.words(), Cursor.index(cursor), Cursor.orderInWord(cursor));
    if (found == Words.NONE) {
      return allocateElsewhere(order, slot, cursor);
    }
    slot.count(BuddyWord.splits(found));
    return tree.spanPage() + Cursor.page(cursor, BuddyWord.place(found));
  }

  /** Frees the block at {@code page} of {@code tree}; false if no allocated block starts there. */
  boolean free(int treeIndex, long page) {
    Slot slot = slots.current();
    LockedTree tree = trees.at(treeIndex);
    int pageInTree = (int) (page - tree.spanPage());
    long[] words = tree.words();
    int order = access.free(words, Tiers.pageWord(pageInTree), Tiers.pagePlace(pageInTree));
    if (order == Words.NONE) {
      return freeLarger(slot, treeIndex, words, pageInTree);
    }
    noteFreed(slot, treeIndex, words, pageInTree, order);
    return true;
  }

  /** Returns the order of the allocated block that starts at {@code page}, or -1. */
  int orderAt(LockedTree tree, long page) {
    slots.requireAccess();
    int pageInTree = (int) (page - tree.spanPage());
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      if (Orders.alignDown(pageInTree, Tiers.placeOrder(tier)) == pageInTree) {
        long word = access.word(tree.words(), Tiers.word(tier, pageInTree));
        int order = BuddyWord.allocatedOrder(word, Tiers.place(tier, pageInTree));
        if (order != BuddyWord.NONE) {
          return order + Tiers.placeOrder(tier);
        }
      }
    }
    return BuddyWord.NONE;
  }

  /** Lets go of the units that slots draw on and merges all that is free. */
  void drain() {
    slots.requireAccess();
    trees.requireOpen();
    slots.all().forEach(trees::release);
    trees.settle();
  }

  /** Adds up all figures. */
  Tally tally() {
    slots.requireAccess();
    Tally tally = trees.tally();
    for (Slot slot : slots.all()) {
      tally.allocations += slot.allocations();
      tally.splits += slot.splits();
    }
    return tally;
  }

  /** The cursor's word is exhausted: goes on in its unit, or to another one. */
  private long allocateElsewhere(int order, Slot slot, long cursor) {
    boolean near = Tiers.of(order) == Tiers.PAGES && cursor != Cursor.NOWHERE;
    long page = near ? allocateNearby(order, slot, cursor) : NO_PAGE;
    if (page != NO_PAGE) {
      return page;
    }
    page = trees.allocate(order, slot, cursor);
    if (page != NO_PAGE) {
      slot.count(0);
    }
    return page;
  }

  private long allocateNearby(int order, Slot slot, long cursor) {
    LockedTree tree = trees.at(Cursor.tree(cursor));
    long[] words = tree.words();
    int first = Tiers.firstPageWordBeside(Cursor.index(cursor));
    for (int rest = slot.serving(order); rest != 0; rest &= rest - 1) {
      int index = first + Integer.numberOfTrailingZeros(rest);
      int found = access.allocate(words, index, order);
      if (found != Words.NONE) {
        int page = Tiers.page(Tiers.PAGES, index, BuddyWord.place(found));
        slot.point(order, Cursor.of(Cursor.tree(cursor), page, order));
        slot.setServing(order, rest & (rest - 1));
        slot.count(BuddyWord.splits(found));
        return tree.spanPage() + page;
      }
    }
    slot.setServing(order, 0);
    return NO_PAGE;
  }

  private boolean freeLarger(Slot slot, int tree, long[] words, int page) {
    for (int tier = Tiers.UNITS; tier < Tiers.COUNT; tier++) {
      int placeOrder = Tiers.placeOrder(tier);
      if (Orders.alignDown(page, placeOrder) != page) {
        return false;
      }
      int order = access.free(words, Tiers.word(tier, page), Tiers.place(tier, page));
      if (order != Words.NONE) {
        noteFreed(slot, tree, words, page, placeOrder + order);
        return true;
      }
    }
    return false;
  }

  /**
   * Sees to it that the block is found again: by this thread's next request if its unit is dense,
   * so that pages gather there, or else by those who settle units.
   */
  private void noteFreed(Slot slot, int tree, long[] words, int page, int order) {
    int unit = order < Tiers.UNIT_ORDER ? page >>> Tiers.UNIT_ORDER : ReturnedUnits.WHOLE_UNITS;
    ReturnedUnits.add(access, words, unit);
    boolean noted =
        ReturnedUnits.isDense(access, words, unit)
            && slot.pushRecent(order, Cursor.of(tree, page, order));
    if (!noted && ReturnedUnits.addWorthwhile(access, words, unit, Orders.pages(order), page)) {
      trees.want(tree);
    }
  }
}
