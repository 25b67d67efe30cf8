package dev.twofold.core;

/**
 * The engine of an allocator that is confined to a thread. It holds one block back: the one that
 * was allocated last, if it is freed before another is allocated. Its word still says allocated
 * then, and a request of its order gets it without a change of any word.
 *
 * <p>Invariants: the block that the slot allocated last is allocated, as its word says, or was
 * forgotten; while the engine holds it, the slot knows it, and it may not be had again as a free
 * one. Before a request of another order, and before anybody looks at the figures or words are
 * moved, it is freed like any other, so nobody misses it. Nothing is split or merged for a block
 * that is held, and nothing counted.
 */
final class ConfinedEngine extends Engine {

  private final ConfinedSlots slots = new ConfinedSlots();

  private boolean held;

  /** Whether the slot knows the block that it allocated last: none other was allocated since. */
  private boolean sure;

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
    Slot slot = current();
    if (held) {
      if (slot.order() == order) {
        held = false;
        return slot.takeKnown();
      }
      giveBack();
    }
    sure = false; // It may be freed from now on, and allocated again as another one.
    return allocateAgain(slot, order);
  }

  @Override
  long allocateZero(int order) {
    giveBack();
    return super.allocateZero(order);
  }

  @Override
  boolean free(long page) {
    Slot slot = current();
    if (slot.lastPage() == page) {
      return freeLast(slot, page);
    }
    return (slot.knows(page) && freeKnown(slot)) || freeAnother(slot, page);
  }

  @Override
  int orderAt(long page) {
    giveBack();
    return super.orderAt(page);
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
    current().forgetLast();
  }

  @Override
  void close() {
    letGo();
    super.close();
  }

  private boolean freeLast(Slot slot, long page) {
    if (held) {
      return false;
    }
    held = sure || know(slot, page);
    sure = held;
    return held || freeForgotten(slot, page);
  }

  /**
   * Most blocks are of the tree that the slot was sent to last: then no map is asked. Its words may
   * be dead by now, and the block stand in others.
   */
  private boolean freeAnother(Slot slot, long page) {
    return (slot.isNear(page) && free(slot, slot.treeWords(), slot.pageInTree(page), page))
        || free(slot, page);
  }

  private void giveBack() {
    if (held) {
      held = false;
      sure = false;
      freeForgotten(current(), current().lastPage());
    }
  }

  private boolean freeForgotten(Slot slot, long page) {
    boolean freed = freeAgain(slot, page);
    slot.forgetLast();
    return freed;
  }
}
