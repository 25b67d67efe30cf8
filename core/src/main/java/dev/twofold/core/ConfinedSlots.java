package dev.twofold.core;

import java.util.List;

/** The one slot of an allocator that is confined to the thread that makes this. */
final class ConfinedSlots implements Slots {

  private final long ownerId = Thread.currentThread().threadId();
  private final String ownerName = Thread.currentThread().getName();
  private final Slot slot = new Slot.Owned();

  @Override
  public Slot current() {
    requireAccess();
    return slot;
  }

  @Override
  public void requireAccess() {
    if (Thread.currentThread().threadId() != ownerId) {
      throw new WrongThreadException(
          "the allocator is confined to thread \"%s\"".formatted(ownerName));
    }
  }

  @Override
  public List<Slot> all() {
    return List.of(slot);
  }
}
