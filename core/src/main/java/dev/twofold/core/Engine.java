package dev.twofold.core;

/**
 * The life of a block. The fast paths are one change of one word each and touch nothing else that
 * threads share: to allocate is to take a block from the word that the slot's cursor points at, or
 * one that its thread freed; to free is to put it back into the word that its address names.
 *
 * <p>Before the word is changed, each step waits for what the one before has read, so these paths
 * are laid out for few steps: from a thread's id to its slot, to a block or a cursor, to the words
 * of a tree, to the word.
 */
final class Engine {

  /** Returned instead of a page number when no block is large enough. */
  static final long NO_PAGE = TreeArray.NONE;

  private final TreeArray trees;
  private final long[][] allWords;
  private final Words access;
  private final Slots slots;
  private final long[] cells;

  Engine(TreeArray trees, Slots slots) {
    this.trees = trees;
    this.allWords = trees.allWords();
    this.access = slots.access();
    this.slots = slots;
    this.cells = slots.cells();
  }

  /** Throws a {@link WrongThreadException} if the current thread may not use the allocator. */
  void requireAccess() {
    slots.requireAccess();
  }

  /** Allocates a block of {@code order}; returns its absolute page number or {@link #NO_PAGE}. */
  long allocate(int order) {
    int slot = slots.current();
    if (order < Tiers.UNIT_ORDER) {
      long block = SlotCells.popRecent(cells, slot, order);
      if (block != Cursor.NOWHERE) {
        return allocateRecent(order, slot, block);
      }
    }
    return allocateAtCursor(order, slot);
  }

  /** Frees the block at {@code page} of {@code tree}; false if no allocated block starts there. */
  boolean free(int tree, long page) {
    slots.requireAccess();
    long[] words = TreeWords.of(allWords, tree);
    int pageInTree = TreeWords.pageInTree(words, page);
    if (ReturnedUnits.isUntouched(access, words, pageInTree >>> Tiers.UNIT_ORDER)) {
      touch(words, pageInTree);
    }
    int order = access.free(words, Tiers.pageWord(pageInTree), Tiers.pagePlace(pageInTree));
    if (order == Words.NONE) {
      return freeLarger(tree, words, pageInTree);
    }
    noteFreed(tree, words, pageInTree, order);
    return true;
  }

  /** Returns the order of the allocated block that starts at {@code page}, or -1. */
  int orderAt(int tree, long page) {
    slots.requireAccess();
    long[] words = TreeWords.of(allWords, tree);
    return orderAt(words, TreeWords.pageInTree(words, page));
  }

  private int orderAt(long[] words, int pageInTree) {
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      if (Orders.alignDown(pageInTree, Tiers.placeOrder(tier)) == pageInTree) {
        long word = access.word(words, Tiers.word(tier, pageInTree));
        int order = BuddyWord.allocatedOrder(word, Tiers.place(tier, pageInTree));
        if (order != BuddyWord.NONE) {
          return order + Tiers.placeOrder(tier);
        }
      }
    }
    return BuddyWord.NONE;
  }

  /** Allocates like {@link #allocate}, but had rather a block that reads as zero. */
  long allocateZero(int order) {
    int slot = slots.current();
    long page = order < Tiers.UNIT_ORDER ? NO_PAGE : trees.allocateZero(order);
    if (page == NO_PAGE) {
      return allocate(order);
    }
    SlotCells.count(cells, slot, 0);
    return page;
  }

  /** Returns whether a block, allocated just now, reads as zero. */
  boolean isZero(int tree, long page, int order) {
    long[] words = TreeWords.of(allWords, tree);
    return trees.at(tree).isZero(TreeWords.pageInTree(words, page), order);
  }

  /** Lets go of the units that slots draw on and merges all that is free. */
  void drain() {
    slots.requireAccess();
    trees.requireOpen();
    for (int number = 0; number < SlotCells.count(cells); number++) {
      trees.release(SlotCells.slot(number));
    }
    trees.settle();
  }

  /** Adds up all figures. */
  Tally tally() {
    slots.requireAccess();
    Tally tally = trees.tally();
    tally.allocations = SlotCells.allocations(cells);
    tally.splits += SlotCells.splits(cells);
    return tally;
  }

  private long allocateRecent(int order, int slot, long noted) {
    for (long block = noted;
        block != Cursor.NOWHERE;
        block = SlotCells.popRecent(cells, slot, order)) {
      long[] words = TreeWords.of(allWords, Cursor.tree(block));
      int place = Cursor.place(block);
      if (access.claim(words, Cursor.index(block), place, Cursor.orderInWord(block))) {
        SlotCells.count(cells, slot, 0);
        return TreeWords.spanPage(words) + Cursor.page(block, place);
      }
    }
    return allocateAtCursor(order, slot);
  }

  private long allocateAtCursor(int order, int slot) {
    long cursor = SlotCells.cursor(cells, slot, order);
    long[] words = TreeWords.of(allWords, Cursor.tree(cursor));
    int found = access.allocate(words, Cursor.index(cursor), Cursor.orderInWord(cursor));
    if (found == Words.NONE) {
      return allocateElsewhere(order, slot, cursor);
    }
    SlotCells.count(cells, slot, BuddyWord.splits(found));
    return TreeWords.spanPage(words) + Cursor.page(cursor, BuddyWord.place(found));
  }

  /** The cursor's word is exhausted: goes on in its unit, or to another one. */
  private long allocateElsewhere(int order, int slot, long cursor) {
    boolean near = Tiers.of(order) == Tiers.PAGES && cursor != Cursor.NOWHERE;
    long page = near ? allocateNearby(order, slot, cursor) : NO_PAGE;
    if (page != NO_PAGE) {
      return page;
    }
    page = trees.allocate(order, slot, cursor);
    if (page != NO_PAGE) {
      SlotCells.count(cells, slot, 0);
    }
    return page;
  }

  private long allocateNearby(int order, int slot, long cursor) {
    int tree = Cursor.tree(cursor);
    long[] words = TreeWords.of(allWords, tree);
    int first = Tiers.firstPageWordBeside(Cursor.index(cursor));
    for (int rest = SlotCells.serving(cells, slot, order); rest != 0; rest &= rest - 1) {
      int index = first + Integer.numberOfTrailingZeros(rest);
      int found = access.allocate(words, index, order);
      if (found != Words.NONE) {
        int page = Tiers.page(Tiers.PAGES, index, BuddyWord.place(found));
        SlotCells.point(cells, slot, order, Cursor.of(tree, page, order));
        SlotCells.setServing(cells, slot, order, rest & (rest - 1));
        SlotCells.count(cells, slot, BuddyWord.splits(found));
        return TreeWords.spanPage(words) + page;
      }
    }
    SlotCells.setServing(cells, slot, order, 0);
    return NO_PAGE;
  }

  private boolean freeLarger(int tree, long[] words, int page) {
    for (int tier = Tiers.UNITS; tier < Tiers.COUNT; tier++) {
      int placeOrder = Tiers.placeOrder(tier);
      if (Orders.alignDown(page, placeOrder) != page) {
        return false;
      }
      if (tier >= Tiers.UPPER) {
        touchUnits(words, tier, page);
      }
      int order = access.free(words, Tiers.word(tier, page), Tiers.place(tier, page));
      if (order != Words.NONE) {
        noteFreed(tree, words, page, placeOrder + order);
        return true;
      }
    }
    return false;
  }

  /** Says before a block is freed, unless none is there, that its first unit is touched. */
  private void touch(long[] words, int page) {
    if (orderAt(words, page) != BuddyWord.NONE) {
      ReturnedUnits.touch(access, words, page >>> Tiers.UNIT_ORDER, 1);
    }
  }

  /** Says before a block is freed, unless none is there, that its other units are touched. */
  private void touchUnits(long[] words, int tier, int page) {
    long word = access.word(words, Tiers.word(tier, page));
    int order = BuddyWord.allocatedOrder(word, Tiers.place(tier, page));
    int orderInUnits = order + Tiers.placeOrder(tier) - Tiers.UNIT_ORDER;
    if (order != BuddyWord.NONE && orderInUnits > 0) {
      ReturnedUnits.touch(access, words, page >>> Tiers.UNIT_ORDER, Orders.pages(orderInUnits));
    }
  }

  /**
   * Sees to it that the block is found again: by this thread's next request if its unit is dense,
   * so that pages gather there, or else by those who settle units.
   */
  private void noteFreed(int tree, long[] words, int page, int order) {
    int unit = order < Tiers.UNIT_ORDER ? page >>> Tiers.UNIT_ORDER : ReturnedUnits.WHOLE_UNITS;
    boolean noted =
        ReturnedUnits.add(access, words, unit)
            && SlotCells.pushRecent(cells, slots.current(), order, Cursor.of(tree, page, order));
    if (!noted && ReturnedUnits.addWorthwhile(access, words, unit, Orders.pages(order), page)) {
      trees.want(tree);
    }
  }
}
