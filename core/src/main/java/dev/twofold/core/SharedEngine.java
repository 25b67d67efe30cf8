package dev.twofold.core;

/**
 * The engine of an allocator that any thread may use.
 *
 * <p>It says which class its parts are of, and no more: so the compiler need not ask at each step.
 */
final class SharedEngine extends Engine {

  private final SharedSlots slots;

  SharedEngine(TreeArray trees) {
    SharedSlots own = new SharedSlots();
    super(trees, own);
    slots = own;
  }

  @Override
  Slot current() {
    return slots.current();
  }

  @Override
  Words access() {
    return Words.SHARED;
  }
}
