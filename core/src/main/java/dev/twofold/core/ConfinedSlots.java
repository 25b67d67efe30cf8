package dev.twofold.core;

import java.util.List;

/** The one slot of an allocator that is confined to the thread that makes this. */
final class ConfinedSlots extends Slots {

  private final Thread owner = Thread.currentThread();
  private final Slot slot = new PaddedSlot(false, 0);

  @Override
  Slot current() {
    requireAccess();
    return slot;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a thread equals itself alone
  void requireAccess() {
    if (Thread.currentThread() != owner) {
      throw wrongThread();
    }
  }

  /** Returns the only thread that may use the allocator. */
  Thread owner() {
    return owner;
  }

  @Override
  List<Slot> all() {
    return List.of(slot);
  }

  private WrongThreadException wrongThread() {
    return new WrongThreadException(
        "the allocator is confined to thread \"%s\"".formatted(owner.getName()));
  }
}
