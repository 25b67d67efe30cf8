package dev.twofold.core;

/**
 * The engine of an allocator that any thread may use.
 *
 * <p>It says which class its parts are of, and no more: so the compiler need not ask at each step.
 */
final class SharedEngine extends Engine {

  private final SharedSlots slots = new SharedSlots();

  SharedEngine(TreeArray trees) {
    super(trees);
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
