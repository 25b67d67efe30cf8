package dev.twofold.core;

/**
 * The engine of an allocator that any thread may use.
 *
 * <p>It says which class its parts are of, so the compiler need not ask at each step; and it tries
 * first of all what suffices for a block that is freed and allocated in turn.
 */
final class SharedEngine extends Engine {

  private final SharedSlots slots = new SharedSlots();

  SharedEngine(TreeArray trees) {
    super(trees);
  }

  @Override
  long allocate(int order) {
    Slot slot = current();
    return slot.takeBack(order) ? slot.takeKnown() : allocateAgain(slot, order);
  }

  @Override
  boolean free(long page) {
    Slot slot = current();
    int freed = slot.putBack(page);
    if (freed == KnownBlock.UNTOLD) {
      noteKnown(slot);
    }
    return freed != KnownBlock.NOT_FREED || freeAgain(slot, page);
  }

  @Override
  SharedSlots slots() {
    return slots;
  }

  @Override
  Words access() {
    return Words.SHARED;
  }
}
