package dev.twofold.core;

import java.util.List;

/**
 * The life of a block. The fast paths are one change of one word each and touch nothing else that
 * threads share, but for the slots that are common: to allocate is to take a block from the word
 * that the slot's cursor points at, or one that its thread freed; to free is to put it back into
 * the word that its address names.
 *
 * <p>Before the word is changed, each step waits for what the one before has read, so these paths
 * are laid out for few steps: from a thread's id to its slot, to a block or a cursor, to the words
 * of a tree, to the word.
 *
 * <p>What is seldom done comes last where it can, and returns what the operation returns. What is
 * needed after a call has to be stored before it, by the fast path too if the two were compiled
 * together, and an atomic operation waits for stores.
 */
abstract class Engine {

  /** Returned instead of a page number when no block is large enough. */
  static final long NO_PAGE = TreeArray.NONE;

  private final TreeArray trees;
  private final TreeWords allWords;
  private final RunIndex runIndex;

  /** Replaced when regions come or go. */
  private volatile AddressMap map = new AddressMap(List.of());

  Engine(TreeArray trees) {
    this.trees = trees;
    this.allWords = trees.allWords();
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
   * Lets every block be as its word says, as words are about to be moved. Throws a {@link
   * WrongThreadException} if the current thread may not use the allocator.
   */
  void letGo() {
    slots().requireAccess();
  }

  /** Allocates a block of {@code order}; returns its absolute page number or {@link #NO_PAGE}. */
  abstract long allocate(int order);

  /** Frees the block at {@code page}; false if no allocated block starts there. */
  abstract boolean free(long page);

  /** Returns the order of the allocated block that starts at {@code page}, or -1. */
  int orderAt(long page) {
    slots().requireAccess();
    long[] words = map.wordsOf(page);
    return BlockHeads.orderAt(access(), words, TreeWords.pageInTree(words, page));
  }

  /** Counts an allocation that was made without the slot. */
  final void countAllocation() {
    current().count(1, 0);
  }

  /** Allocates like {@link #allocate}, but had rather a block that reads as zero. */
  long allocateZero(int order) {
    Slot slot = current();
    long page = order < Tiers.UNIT_ORDER ? NO_PAGE : trees.allocateZero(order);
    if (page == NO_PAGE) {
      return allocate(order);
    }
    slot.forgetLast();
    slot.count(1, 0);
    return page;
  }

  /** Lets go of the units that slots draw on and merges all that is free. */
  void drain() {
    slots().requireAccess();
    trees.requireOpen();
    slots().all().forEach(trees::release);
    trees.settle();
  }

  /** Adds up all figures. */
  Tally tally() {
    slots().requireAccess();
    Tally tally = trees.tally();
    for (Slot slot : slots().all()) {
      tally.allocations += slot.allocations();
      tally.splits += slot.splits();
    }
    return tally;
  }

  /** Checks the metadata; see {@link TreeArray#validate}. */
  void validate() {
    slots().requireAccess();
    trees.validate();
  }

  /** Returns a hash of all metadata. */
  long digest() {
    return trees.digest();
  }

  /** Refuses everything from now on. */
  void close() {
    slots().requireAccess();
    trees.close();
  }

  /** Returns who may use the allocator: the same at every call. */
  abstract Slots slots();

  /** Returns how words are changed: the same at every call. */
  abstract Words access();

  /** Returns the current thread's slot, or throws if it may not use the allocator. */
  final Slot current() {
    return slots().current();
  }

  /** Allocates the block that the slot knows if it may be had again, or another one. */
  final long allocateAgain(Slot slot, int order) {
    return slot.reusableOrder() == order ? allocateKnown(slot, order) : allocate(slot, order);
  }

  /** Allocates a block that the slot freed lately, or one from where its cursor leads. */
  final long allocate(Slot slot, int order) {
    long page = slot.popRecent(order);
    return page == NO_PAGE ? allocateAtCursor(slot, order) : allocateRecent(slot, page, order);
  }

  private long allocateRecent(Slot slot, long page, int order) {
    return claim(slot, page, order) ? allocated(slot, page) : allocateAtCursor(slot, order);
  }

  /** Frees the block that the slot knows, in this way or another. */
  final boolean freeKnownOrOther(Slot slot, long page) {
    return freeKnown(slot) || freeOther(slot, page);
  }

  /** Frees the block that the slot allocated last, which it may get to know, or another. */
  final boolean freeOther(Slot slot, long page) {
    return slot.lastPage() == page ? freeLastOrOther(slot, page) : free(slot, page);
  }

  private boolean freeLastOrOther(Slot slot, long page) {
    return (know(slot, page) && freeKnown(slot)) || free(slot, page);
  }

  /** Frees a block that need not be one of this slot. */
  final boolean free(Slot slot, long page) {
    long[] words = map.wordsOf(page);
    return free(slot, words, TreeWords.pageInTree(words, page), page);
  }

  /** Frees a block that these words are asked for. */
  final boolean free(Slot slot, long[] words, int pageInTree, long page) {
    return ReturnedUnits.isTouched(words, pageInTree >>> Tiers.UNIT_ORDER)
        ? freeTouched(slot, words, pageInTree, page)
        : freeUntouched(slot, words, pageInTree, page);
  }

  private boolean freeUntouched(Slot slot, long[] words, int pageInTree, long page) {
    BlockHeads.touch(access(), words, pageInTree);
    return freeTouched(slot, words, pageInTree, page);
  }

  /**
   * Frees the block, and tells at once whether there is more to note: mostly there is not. Its unit
   * was said to be touched before, or nobody had the block since it was free last.
   */
  final boolean freeTouched(Slot slot, long[] words, int pageInTree, long page) {
    int order = access().free(words, Tiers.pageWord(pageInTree), Tiers.pagePlace(pageInTree));
    if (order == Words.NONE) {
      return freeLarger(slot, words, page);
    }
    long flags = ReturnedUnits.flags(access(), words, pageInTree >>> Tiers.UNIT_ORDER);
    return (ReturnedUnits.isReturnedAndDense(flags) && slot.pushRecent(order, page))
        || ReturnedUnits.isTold(flags)
        || noteFreed(slot, words, page, order);
  }

  /**
   * Frees the block that the slot knows, and lets its next request of that order have it again;
   * false, and nothing done, if it is not allocated any more, or if more has to be noted than that
   * it was freed: then {@link #free(Slot, long)} sees to it.
   */
  final boolean freeKnown(Slot slot) {
    if (!slot.isTouched() || !slot.release(access())) {
      return false;
    }
    slot.setReusable(true);
    return noteKnown(slot);
  }

  /** Notes that the block that the slot knows was freed; returns true for that. */
  final boolean noteKnown(Slot slot) {
    ReturnedUnits.add(access(), slot.words(), slot.returnsTo(), runIndex);
    return true;
  }

  /**
   * Lets the slot know the block at {@code page}, which it allocated last, if that suits; returns
   * whether.
   */
  final boolean know(Slot slot, long page) {
    if (!slot.mayRepeat(page)) {
      return false;
    }
    long[] words = map.wordsOf(page);
    int pageInTree = TreeWords.pageInTree(words, page);
    int order = BlockHeads.orderAt(access(), words, pageInTree);
    if (order == BlockHeads.NONE || order > Tiers.UNIT_ORDER || !slot.repeats(page, order)) {
      return false;
    }
    int index = Tiers.word(Tiers.of(order), pageInTree);
    slot.know(page, order, words, index, places(pageInTree, order), pageInTree);
    return true;
  }

  private static long allocated(Slot slot, long page) {
    slot.noteAllocated(page, 0);
    return page;
  }

  private boolean claim(Slot slot, long page, int order) {
    if (order >= Tiers.WORD_ORDER) {
      return claimLarger(page, order);
    }
    return slot.isNear(page)
        ? claim(slot.treeWords(), slot.pageInTree(page), order)
        : claimElsewhere(slot, page, order);
  }

  private boolean claimElsewhere(Slot slot, long page, int order) {
    NearTree tree = slot.commonTree();
    boolean near = tree.has(page);
    long[] words = near ? tree.words() : map.wordsOf(page);
    return claim(words, near ? tree.pageInTree(page) : TreeWords.pageInTree(words, page), order);
  }

  private boolean claim(long[] words, int pageInTree, int order) {
    long places = BuddyWord.places(Tiers.pagePlace(pageInTree), order);
    return access().claim(words, Tiers.pageWord(pageInTree), places);
  }

  private boolean claimLarger(long page, int order) {
    long[] words = map.wordsOf(page);
    int pageInTree = TreeWords.pageInTree(words, page);
    int index = Tiers.word(Tiers.of(order), pageInTree);
    return access().claim(words, index, places(pageInTree, order));
  }

  /** Returns the places of a block in its word. */
  private static long places(int pageInTree, int order) {
    return BuddyWord.places(Tiers.place(Tiers.of(order), pageInTree), Tiers.orderInWord(order));
  }

  private long allocateKnown(Slot slot, int order) {
    slot.setReusable(false);
    if (slot.claim(access())) {
      return slot.takeKnown();
    }
    slot.forgetKnown(); // Whatever is allocated next may be another block at its page.
    return allocate(slot, order);
  }

  private long allocateAtCursor(Slot slot, int order) {
    long cursor = slot.cursor(order);
    long[] words = allWords.of(Cursor.tree(cursor));
    int found = access().allocate(words, Cursor.index(cursor), Cursor.orderInWord(cursor));
    if (found == Words.NONE) {
      return allocateElsewhere(slot, order, cursor);
    }
    long page = TreeWords.spanPage(words) + Cursor.page(cursor, BuddyWord.place(found));
    slot.noteAllocated(page, BuddyWord.splits(found));
    return page;
  }

  /** The cursor's word is exhausted: goes on in its unit, or to another one. */
  private long allocateElsewhere(Slot slot, int order, long cursor) {
    boolean near = Tiers.of(order) == Tiers.PAGES && cursor != Cursor.NOWHERE;
    long page = near ? allocateNearby(slot, order, cursor) : NO_PAGE;
    if (page != NO_PAGE) {
      return page;
    }
    page = trees.allocate(order, slot);
    return page == NO_PAGE ? NO_PAGE : allocated(slot, page);
  }

  private long allocateNearby(Slot slot, int order, long cursor) {
    int tree = Cursor.tree(cursor);
    long[] words = allWords.of(tree);
    int first = Tiers.firstPageWordBeside(Cursor.index(cursor));
    for (int rest = slot.serving(order); rest != 0; rest &= rest - 1) {
      int index = first + Integer.numberOfTrailingZeros(rest);
      int found = access().allocate(words, index, order);
      if (found != Words.NONE) {
        int pageInTree = Tiers.page(Tiers.PAGES, index, BuddyWord.place(found));
        long page = TreeWords.spanPage(words) + pageInTree;
        slot.point(order, Cursor.moved(cursor, pageInTree));
        slot.setServing(order, rest & (rest - 1));
        slot.noteAllocated(page, BuddyWord.splits(found));
        return page;
      }
    }
    slot.setServing(order, 0);
    return Cursor.isSameUnit(slot.unit(order), cursor)
        ? allocateInNewWord(slot, order, cursor, words)
        : NO_PAGE;
  }

  /** The unit that the slot draws on has no word of pages that serves, but may get another. */
  private long allocateInNewWord(Slot slot, int order, long cursor, long[] words) {
    int first = Tiers.firstPageWordBeside(Cursor.index(cursor));
    int found = PageWords.allocateFromNew(access(), words, first, order);
    if (found == PageWords.NONE) {
      return NO_PAGE;
    }
    int pageInTree = PageWords.page(found);
    long page = TreeWords.spanPage(words) + pageInTree;
    slot.point(order, Cursor.moved(cursor, pageInTree));
    slot.noteAllocated(page, PageWords.splits(found));
    return page;
  }

  private boolean freeLarger(Slot slot, long[] words, long page) {
    int pageInTree = TreeWords.pageInTree(words, page);
    int order =
        Orders.alignDown(pageInTree, Tiers.UNIT_ORDER) == pageInTree
            ? BlockHeads.freeUnits(access(), words, pageInTree)
            : BlockHeads.free(access(), words, pageInTree, Tiers.UNITS);
    if (order == Words.NONE) {
      return false;
    }
    long flags = ReturnedUnits.flags(access(), words, ReturnedUnits.of(pageInTree, order));
    return (ReturnedUnits.isTold(flags) && !ReturnedUnits.isReturnedAndDense(flags))
        || noteFreed(slot, words, page, order);
  }

  /**
   * Sees to it that a block that was freed is found again: by this thread's next request of its
   * order if the unit is dense, so that pages gather there; else by those who settle units. Returns
   * true, as the block was freed.
   */
  private boolean noteFreed(Slot slot, long[] words, long page, int order) {
    int unit = ReturnedUnits.of(TreeWords.pageInTree(words, page), order);
    boolean dense = ReturnedUnits.add(access(), words, unit, runIndex);
    if (!dense || !slot.pushRecent(order, page)) {
      noteWorthwhile(slot, words, page, unit, order);
    }
    return true;
  }

  private void noteWorthwhile(Slot slot, long[] words, long page, int unit, int order) {
    int home = ReturnedUnits.addWorthwhile(access(), words, unit, Orders.pages(order), page);
    if (home != ReturnedUnits.NONE) {
      trees.want(TreeWords.number(words), unit == ReturnedUnits.WHOLE_UNITS ? slot.home() : home);
    }
  }
}
