package dev.twofold.core;

/** The one slot of an allocator that is confined to the thread that makes this. */
final class ConfinedSlots implements Slots {

  private final Thread owner = Thread.currentThread();
  private final long[] cells = SlotCells.create(1);

  @Override
  public int current() {
    requireAccess();
    return 0;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a thread equals itself alone
  public void requireAccess() {
    if (Thread.currentThread() != owner) {
      throw wrongThread();
    }
  }

  @Override
  public Words access() {
    return Words.CONFINED;
  }

  @Override
  public long[] cells() {
    return cells;
  }

  private WrongThreadException wrongThread() {
    return new WrongThreadException(
        "the allocator is confined to thread \"%s\"".formatted(owner.getName()));
  }
}
