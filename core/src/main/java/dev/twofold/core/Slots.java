package dev.twofold.core;

/** Who may use the allocator, and which slot a thread gets: see {@link SlotCells}. */
interface Slots {

  /** Returns the current thread's slot in {@link #cells}, or throws like {@link #requireAccess}. */
  int current();

  /** Throws a {@link WrongThreadException} if the current thread may not use the allocator. */
  void requireAccess();

  /** Returns how those who may use the allocator change its words. */
  Words access();

  /** Returns what all slots say. */
  long[] cells();
}
