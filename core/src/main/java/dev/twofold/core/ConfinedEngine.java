package dev.twofold.core;

/**
 * The engine of an allocator that is confined to a thread. It holds one block back: the one that
 * was allocated last, if it is freed before another is allocated. Its word still says allocated
 * then, and a request of its order gets it without a change of any word.
 *
 * <p>Invariant: while the engine holds the block, the slot says that it may be had again. Before a
 * request of another order, and before anybody looks at the figures, it is freed like any other, so
 * nobody misses it. Nothing is split or merged for a block that is held, and nothing counted.
 */
final class ConfinedEngine extends Engine {

  private boolean held;

  ConfinedEngine(AddressMap map, TreeArray trees, Slots slots) {
    super(map, trees, slots);
  }

  @Override
  long allocate(int order) {
    Slot slot = currentSlot();
    if (!held) {
      return super.allocate(order);
    }
    if (slot.reusableOrder() != order) {
      giveBack();
      return allocate(slot, order);
    }
    held = false;
    slot.setReusable(false);
    slot.count(0);
    return slot.lastPage();
  }

  @Override
  boolean free(long page) {
    Slot slot = currentSlot();
    if (slot.lastPage() != page || (slot.reusableOrder() != Slot.NONE && !held)) {
      return free(slot, page);
    }
    boolean allocated = !held;
    held = true;
    slot.setReusable(true);
    return allocated;
  }

  @Override
  int orderAt(long page) {
    giveBack();
    return super.orderAt(page);
  }

  @Override
  void letGo() {
    giveBack();
    currentSlot().forgetLast();
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
  void close() {
    letGo();
    super.close();
  }

  private void giveBack() {
    Slot slot = currentSlot();
    if (held) {
      held = false;
      freeLast(slot);
    }
  }
}
