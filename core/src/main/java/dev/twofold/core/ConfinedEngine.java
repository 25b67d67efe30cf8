package dev.twofold.core;

/**
 * The engine of an allocator that is confined to a thread. It holds blocks back, for the next
 * requests of their orders, which first look here. Before a request is refused, before anybody
 * looks at the figures or allocates runs, before words are moved, and now and then for the sake of
 * whole units, all are freed like any other, so nobody misses them. To hold a block that was freed
 * and to take it merges and splits nothing.
 *
 * <p>One is the block that was allocated last, of a unit's order at most, if it is freed before
 * another is allocated, and the slot knows it or gets to know it by that. Its word still says
 * allocated then, and a request of its order gets it without a change of any word; one of another
 * order has it given back. Others are {@link HeldBlocks}.
 *
 * <p>Invariants: the block that the slot allocated last is allocated, as its word says, or was
 * forgotten; while the engine holds it, the slot knows it, and it may not be had again as a free
 * one.
 */
final class ConfinedEngine extends Engine {

  /**
   * How many requests find nothing held, since all was given back, until what lies beside a block
   * is held as well: who has it given back all the time would have it held for nothing.
   */
  static final int MISSES = 16;

  /**
   * For how many requests of whole units all is held: a unit that a block is held of is not whole,
   * and others are broken into for that.
   */
  static final int WHOLE_REQUESTS = 256;

  private final ConfinedSlots slots = new ConfinedSlots();

  /** The one slot and its owner, where each operation finds them at once. */
  private final Slot slot = slots.current();

  private final Thread owner = slots.owner();

  private final HeldBlocks others = new HeldBlocks();

  /** Whether the block that was allocated last is held. */
  private boolean held;

  /** Whether the slot knows the block that it allocated last, as none other was since, or none. */
  private boolean sure;

  /** How many requests found nothing held since all was given back, up to {@link #MISSES}. */
  private int misses;

  /** How many requests of whole units were made since all was given back. */
  private int wholeRequests;

  ConfinedEngine(TreeArray trees) {
    super(trees);
  }

  @Override
  ConfinedSlots slots() {
    return slots;
  }

  @Override
  Words access() {
    return Words.CONFINED;
  }

  @Override
  long allocate(int order) {
    requireOwner();
    if (held) {
      if (slot.order() == order) {
        held = false;
        return slot.takeKnown();
      }
      giveBackLast();
    }
    sure = false; // It may be freed from now on, and allocated again as another one.
    long page = takeHeld(order);
    if (page == NO_PAGE) {
      return allocateAnother(order);
    }
    slot.noteTaken(page);
    return page;
  }

  @Override
  long allocateZero(int order) {
    requireOwner();
    giveBackLast();
    return super.allocateZero(order);
  }

  @Override
  boolean free(long page) {
    requireOwner();
    return (slot.lastPage() != page
            && slot.isNear(page)
            && others.hold(slot.treeWords(), slot.pageInTree(page), page))
        || freeUnheld(page);
  }

  @Override
  int orderAt(long page) {
    requireOwner();
    return held && slot.lastPage() == page ? BlockHeads.NONE : super.orderAt(page);
  }

  @Override
  void drain() {
    giveBack();
    super.drain();
  }

  @Override
  Tally tally() {
    giveBack();
    return super.tally();
  }

  @Override
  void validate() {
    giveBack();
    super.validate();
  }

  @Override
  long digest() {
    giveBack();
    return super.digest();
  }

  @Override
  void letGo() {
    giveBack();
    slot.forgetLast();
    sure = false; // Others may allocate for the slot next.
  }

  @Override
  void close() {
    letGo();
    super.close();
  }

  private long takeHeld(int order) {
    long page = others.take(order);
    if (page != NO_PAGE) {
      boolean near = slot.isNear(page);
      long[] words = near ? slot.treeWords() : map().wordsOf(page);
      int pageInTree = near ? slot.pageInTree(page) : TreeWords.pageInTree(words, page);
      HeldBlocks.setAllocated(words, pageInTree, order);
    }
    return page;
  }

  /** None of that order is held: allocates another block, for the sake of which none is missed. */
  private long allocateAnother(int order) {
    if (order >= Tiers.UNIT_ORDER) {
      letUnitsBeWhole();
    }
    long page = allocateAgain(slot, order);
    if (page == NO_PAGE) {
      return giveBackOthers() ? allocateAgain(slot, order) : NO_PAGE;
    }
    if (slot.lastPage() == NO_PAGE) {
      slot.noteLast(page); // A known block is not noted where it is had again.
    }
    if (misses < MISSES) {
      misses++;
    } else if (order < Tiers.WORD_ORDER && slot.isNear(page)) {
      holdBeside(page, order);
    }
    return page;
  }

  private void letUnitsBeWhole() {
    wholeRequests++;
    if (wholeRequests >= WHOLE_REQUESTS) {
      giveBackOthers();
    }
  }

  /**
   * Holds what the block's word has left for requests of its order, if they are led there. So most
   * requests find a block held, also while none is freed.
   */
  private void holdBeside(long page, int order) {
    long[] words = slot.treeWords();
    int pageInTree = slot.pageInTree(page);
    if (slot.cursor(order) == Cursor.of(TreeWords.number(words), pageInTree, order)) {
      long firstPage = page - Tiers.pagePlace(pageInTree);
      slot.count(0, others.holdFree(words, Tiers.pageWord(pageInTree), order, firstPage));
    }
  }

  private boolean freeLast(long page) {
    if (held) {
      return false;
    }
    sure = sure || know(slot, page);
    held = sure;
    if (!held) {
      slot.forgetLast();
      return free(page);
    }
    return true;
  }

  /** Apart, and looks anew, so that less is kept for it where a block is held. */
  private boolean freeUnheld(long page) {
    if (slot.lastPage() == page) {
      return freeLast(page);
    }
    return (slot.isNear(page) && freeNear(slot.treeWords(), slot.pageInTree(page), page))
        || free(slot, page);
  }

  /** The words may be dead by now, and the block stand in others. */
  private boolean freeNear(long[] words, int pageInTree, long page) {
    return (slot.knows(page) && freeKnown(slot))
        || others.holdLarger(words, pageInTree, page)
        || free(slot, words, pageInTree, page);
  }

  @SuppressWarnings("ReferenceEquality") // a thread equals itself alone
  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      slots.requireAccess();
    }
  }

  /** Lets no block be held. */
  private void giveBack() {
    requireOwner();
    giveBackLast();
    giveBackOthers();
  }

  private void giveBackLast() {
    if (held) {
      held = false;
      sure = false;
      freeForgotten(slot.lastPage());
    }
  }

  /**
   * Frees what else is held; returns whether anything was. A unit that is not touched yet stays so:
   * nobody had what is held of it.
   */
  private boolean giveBackOthers() {
    boolean any = false;
    misses = 0;
    wholeRequests = 0;
    for (int order = 0; order < Tiers.UNIT_ORDER; order++) {
      for (long page = takeHeld(order); page != NO_PAGE; page = takeHeld(order)) {
        long[] words = map().wordsOf(page);
        freeTouched(slot, words, TreeWords.pageInTree(words, page), page);
        any = true;
      }
    }
    return any;
  }

  private boolean freeForgotten(long page) {
    slot.forgetLast(); // That it is freed was seen to before.
    return (slot.knows(page) && freeKnown(slot)) || free(slot, page);
  }
}
