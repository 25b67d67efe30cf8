package dev.twofold.core;

/**
 * The engine of an allocator that any thread may use.
 *
 * <p>It says which class its parts are of, so the compiler need not ask at each step; and it tries
 * first of all what suffices for a block that is freed and allocated in turn. What has to be done
 * if that misses looks the slot up anew: so nothing is stored for it before the word is changed.
 */
final class SharedEngine extends Engine {

  private final SharedSlots slots = new SharedSlots();

  SharedEngine(TreeArray trees) {
    super(trees);
  }

  @Override
  long allocate(int order) {
    Slot slot = current();
    int taken = slot.takeBack(order);
    if (taken == KnownBlock.DONE) {
      return slot.takeKnown();
    }
    return taken == KnownBlock.OTHER ? allocate(slot, order) : allocateMissed(order);
  }

  @Override
  boolean free(long page) {
    Slot slot = current();
    int freed = slot.putBack(page);
    if (freed == KnownBlock.DONE) {
      return true;
    }
    if (freed == KnownBlock.OTHER) {
      return freeOther(slot, page);
    }
    return freed == KnownBlock.UNTOLD ? noteKnown(current()) : freeMissed();
  }

  private long allocateMissed(int order) {
    return allocateAgain(current(), order);
  }

  private boolean freeMissed() {
    Slot slot = current();
    return freeKnownOrOther(slot, slot.knownPage());
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
