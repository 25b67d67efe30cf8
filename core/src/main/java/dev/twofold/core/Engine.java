package dev.twofold.core;

import java.util.List;

/**
 * The life of a block. The fast paths are one change of one word each and touch nothing else that
 * threads share: to allocate is to take a block from the word that the slot's cursor points at, or
 * one that its thread freed; to free is to put it back into the word that its address names.
 *
 * <p>Before the word is changed, each step waits for what the one before has read, so these paths
 * are laid out for few steps: from a thread's id to its slot, to a block or a cursor, to the words
 * of a tree, to the word.
 */
class Engine {

  /** Returned instead of a page number when no block is large enough. */
  static final long NO_PAGE = TreeArray.NONE;

  private final TreeArray trees;
  private final TreeWords allWords;
  private final Words access;
  private final Slots slots;
  private final RunIndex runIndex;

  /** Replaced when regions come or go. */
  private volatile AddressMap map = new AddressMap(List.of());

  Engine(TreeArray trees, Slots slots) {
    this.trees = trees;
    this.allWords = trees.allWords();
    this.access = slots.access();
    this.slots = slots;
    this.runIndex = trees.runIndex();
  }

  /** Returns which words an address leads to. */
  final AddressMap map() {
    return map;
  }

  /** Lets addresses lead elsewhere. */
  final void setMap(AddressMap map) {
    this.map = map;
  }

  /**
   * Lets every block be as its word says, and forgets the one that was allocated last, as words are
   * about to be moved. Throws a {@link WrongThreadException} if the current thread may not use the
   * allocator.
   */
  void letGo() {
    slots.requireAccess();
  }

  /** Allocates a block of {@code order}; returns its absolute page number or {@link #NO_PAGE}. */
  long allocate(int order) {
    Slot slot = slots.current();
    return slot.reusableOrder() == order ? allocateLast(slot, order) : allocate(slot, order);
  }

  /** Frees the block at {@code page}; false if no allocated block starts there. */
  boolean free(long page) {
    Slot slot = slots.current();
    return (slot.lastPage() == page && freeLast(slot)) || free(slot, page);
  }

  /** Returns the order of the allocated block that starts at {@code page}, or -1. */
  int orderAt(long page) {
    slots.requireAccess();
    long[] words = map.wordsOf(page);
    return BlockHeads.orderAt(access, words, TreeWords.pageInTree(words, page));
  }

  /** Counts an allocation that was made without the slot. */
  final void countAllocation() {
    slots.current().count(0);
  }

  /** Allocates like {@link #allocate}, but had rather a block that reads as zero. */
  long allocateZero(int order) {
    Slot slot = slots.current();
    long page = order < Tiers.UNIT_ORDER ? NO_PAGE : trees.allocateZero(order);
    if (page == NO_PAGE) {
      return allocate(order);
    }
    slot.forgetLast();
    slot.count(0);
    return page;
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

  /** Checks the metadata; see {@link TreeArray#validate}. */
  void validate() {
    slots.requireAccess();
    trees.validate();
  }

  /** Returns a hash of all metadata. */
  long digest() {
    return trees.digest();
  }

  /** Refuses everything from now on. */
  void close() {
    slots.requireAccess();
    trees.close();
  }

  /** Returns the current thread's slot. */
  final Slot currentSlot() {
    return slots.current();
  }

  /** Allocates a block that the slot freed lately, or one from where its cursor leads. */
  final long allocate(Slot slot, int order) {
    long block = slot.popRecent(order);
    return block == Block.NONE ? allocateAtCursor(slot, order) : allocateRecent(slot, order, block);
  }

  /** Frees a block that need not be one of this slot. */
  final boolean free(Slot slot, long page) {
    long[] words = map.wordsOf(page);
    int pageInTree = TreeWords.pageInTree(words, page);
    if (ReturnedUnits.isUntouched(words, pageInTree >>> Tiers.UNIT_ORDER)) {
      BlockHeads.touch(access, words, pageInTree);
    }
    int order = access.free(words, Tiers.pageWord(pageInTree), Tiers.pagePlace(pageInTree));
    if (order == Words.NONE) {
      return freeLarger(slot, words, pageInTree);
    }
    long block = Block.ofPages(TreeWords.number(words), pageInTree);
    noteFreed(slot, words, block, order);
    return true;
  }

  /**
   * Frees the block that the slot allocated last, and lets its next request of that order have it
   * again; false, and nothing done, if it is not allocated as it was then, or if more has to be
   * noted than that it was freed: then {@link #free(Slot, long)} sees to it.
   */
  final boolean freeLast(Slot slot) {
    long[] words = slot.lastWords();
    int page = slot.lastPageInTree();
    if (slot.lastOrder() > Tiers.UNIT_ORDER
        || ReturnedUnits.isUntouched(words, page >>> Tiers.UNIT_ORDER)
        || !(releaseGuessed(slot, words) || releaseLast(slot, words))) {
      return false;
    }
    slot.setReusable(true);
    ReturnedUnits.add(access, words, ReturnedUnits.of(page, slot.lastOrder()), runIndex);
    return true;
  }

  private long allocateLast(Slot slot, int order) {
    slot.setReusable(false);
    long[] words = slot.lastWords();
    if (access.swap(words, slot.lastIndex(), slot.wordFree(), slot.wordAllocated())) {
      slot.count(slot.lastSplits());
      return slot.lastPage();
    }
    int splits = access.claim(words, slot.lastIndex(), slot.lastPlaces());
    if (splits == Words.NONE) {
      return allocate(slot, order);
    }
    slot.count(splits);
    return slot.lastPage();
  }

  private boolean releaseGuessed(Slot slot, long[] words) {
    return slot.guesses()
        && access.swap(words, slot.lastIndex(), slot.wordAllocated(), slot.wordFree());
  }

  /**
   * Frees the last block, whatever else its word says, and lets the slot guess the word from now
   * on: a swap that need not wait for the word to be read costs half as much.
   */
  private boolean releaseLast(Slot slot, long[] words) {
    int index = slot.lastIndex();
    long places = slot.lastPlaces();
    long word = access.word(words, index);
    while (BuddyWord.isAllocated(word, places)) {
      long free = BuddyWord.toggled(word, places);
      if (access.swap(words, index, word, free)) {
        slot.guess(word, free, BuddyWord.splitsTo(free, places));
        return true;
      }
      word = access.word(words, index);
    }
    return false;
  }

  private long allocateRecent(Slot slot, int order, long block) {
    long[] words = allWords.of(Block.tree(block));
    int index = Block.index(block);
    long places = BuddyWord.places(Block.place(block), Tiers.orderInWord(order));
    int splits = access.claim(words, index, places);
    if (splits == Words.NONE) {
      return allocateAtCursor(slot, order);
    }
    slot.count(splits);
    int page = Block.page(block);
    long absolute = TreeWords.spanPage(words) + page;
    slot.noteAllocated(absolute, page, order, words, index, places);
    return absolute;
  }

  private long allocateAtCursor(Slot slot, int order) {
    long cursor = slot.cursor(order);
    long[] words = allWords.of(Cursor.tree(cursor));
    int index = Cursor.index(cursor);
    int orderInWord = Cursor.orderInWord(cursor);
    int found = access.allocate(words, index, orderInWord);
    if (found == Words.NONE) {
      return allocateElsewhere(slot, order, cursor);
    }
    int place = BuddyWord.place(found);
    int page = Cursor.page(cursor, place);
    long absolute = TreeWords.spanPage(words) + page;
    slot.count(BuddyWord.splits(found));
    slot.noteAllocated(absolute, page, order, words, index, BuddyWord.places(place, orderInWord));
    return absolute;
  }

  /** The cursor's word is exhausted: goes on in its unit, or to another one. */
  private long allocateElsewhere(Slot slot, int order, long cursor) {
    slot.forgetLast();
    boolean near = Tiers.of(order) == Tiers.PAGES && cursor != Cursor.NOWHERE;
    long page = near ? allocateNearby(slot, order, cursor) : NO_PAGE;
    if (page != NO_PAGE) {
      return page;
    }
    page = trees.allocate(order, slot, cursor);
    if (page != NO_PAGE) {
      slot.count(0);
    }
    return page;
  }

  private long allocateNearby(Slot slot, int order, long cursor) {
    int tree = Cursor.tree(cursor);
    long[] words = allWords.of(tree);
    int first = Tiers.firstPageWordBeside(Cursor.index(cursor));
    for (int rest = slot.serving(order); rest != 0; rest &= rest - 1) {
      int index = first + Integer.numberOfTrailingZeros(rest);
      int found = access.allocate(words, index, order);
      if (found != Words.NONE) {
        int page = Tiers.page(Tiers.PAGES, index, BuddyWord.place(found));
        slot.point(order, Cursor.of(tree, page, order));
        slot.setServing(order, rest & (rest - 1));
        slot.count(BuddyWord.splits(found));
        return TreeWords.spanPage(words) + page;
      }
    }
    slot.setServing(order, 0);
    return NO_PAGE;
  }

  private boolean freeLarger(Slot slot, long[] words, int page) {
    if (Orders.alignDown(page, Tiers.UNIT_ORDER + 1) == page) {
      BlockHeads.touch(access, words, page); // Else it has one unit at most, which is touched.
    }
    int order = BlockHeads.free(access, words, page, Tiers.UNITS);
    if (order == Words.NONE) {
      return false;
    }
    noteFreed(slot, words, Block.of(TreeWords.number(words), page, order), order);
    return true;
  }

  /**
   * Sees to it that the block is found again: by this thread's next request if its unit is dense,
   * so that pages gather there; and by those who settle units.
   */
  private void noteFreed(Slot slot, long[] words, long block, int order) {
    int page = Block.page(block);
    int unit = ReturnedUnits.of(page, order);
    boolean noted =
        ReturnedUnits.add(access, words, unit, runIndex) && slot.pushRecent(order, block);
    if (!noted) {
      int home = ReturnedUnits.addWorthwhile(access, words, unit, Orders.pages(order), page);
      if (home != ReturnedUnits.NONE) {
        trees.want(Block.tree(block), unit == ReturnedUnits.WHOLE_UNITS ? slot.home() : home);
      }
    }
  }
}
