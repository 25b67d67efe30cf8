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

  private final ConfinedSlots slots;

  private boolean held;

  /** Whether the slot knows the block that it allocated last: none other was allocated since. */
  private boolean sure;

  ConfinedEngine(TreeArray trees) {
    ConfinedSlots own = new ConfinedSlots();
    super(trees, own);
    slots = own;
  }

  @Override
  Slot current() {
    return slots.current();
  }

  @Override
  Words access() {
    return Words.CONFINED;
  }

  @Override
  long allocate(int order) {
    Slot slot = current();
    if (held || slot.reusableOrder() == order) {
      return allocateAfterKnown(slot, order);
    }
    sure = false; // It may be freed from now on, and allocated again as another one.
    return allocate(slot, order);
  }

  @Override
  long allocateZero(int order) {
    giveBack();
    return super.allocateZero(order);
  }

  @Override
  boolean free(long page) {
    Slot slot = current();
    if (slot.lastPage() == page || slot.knows(page) || !slot.isNear(page)) {
      return freeOther(slot, page);
    }
    return freeNear(slot, page);
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

  /** The slot may have the block again that it freed last, if that is of this order. */
  private long allocateAfterKnown(Slot slot, int order) {
    if (held) {
      if (slot.order() == order) {
        held = false;
        return slot.takeKnown();
      }
      giveBack();
    }
    sure = false; // As in allocate.
    return allocateAgain(slot, order);
  }

  /** Frees a block of the slot's tree; what flags say is read once, as nobody changes it. */
  private boolean freeNear(Slot slot, long page) {
    long[] words = slot.treeWords();
    int pageInTree = slot.pageInTree(page);
    int unit = pageInTree >>> Tiers.UNIT_ORDER;
    int index = Tiers.pageWord(pageInTree);
    int place = Tiers.pagePlace(pageInTree);
    long word = words[index];
    long flags = words[Tiers.flagsWord(unit)];
    long length = BuddyWord.allocatedLength(word, place);
    if (length == 0 || !ReturnedUnits.isTouched(flags)) {
      return free(slot, page);
    }
    words[index] = BuddyWord.freed(word, place, length);
    int order = BuddyWord.orderOf(length);
    if (!ReturnedUnits.isDenseAndNoted(flags) || !slot.pushRecent(order, page)) {
      note(slot, words, page, unit, order);
    }
    return true;
  }

  private boolean freeOther(Slot slot, long page) {
    if (slot.lastPage() != page) {
      return (slot.knows(page) && freeKnown(slot)) || free(slot, page);
    }
    if (held) {
      return false;
    }
    held = sure || know(slot, page);
    sure = held;
    return held || freeForgotten(slot, page);
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
