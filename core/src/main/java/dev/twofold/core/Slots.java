package dev.twofold.core;

import java.util.List;

/** Who may use the allocator, and which slot a thread gets. */
interface Slots {

  /** Returns the current thread's slot, or throws like {@link #requireAccess}. */
  Slot current();

  /** Throws a {@link WrongThreadException} if the current thread may not use the allocator. */
  void requireAccess();

  /** Returns how those who may use the allocator change its words. */
  Words access();

  /** Returns all slots. */
  List<Slot> all();
}
