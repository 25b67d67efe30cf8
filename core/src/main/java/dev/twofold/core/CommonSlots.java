package dev.twofold.core;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Slots for threads that own none; any number of them may be at work in one at the same time. They
 * count by atomic operations, but for one: of thousands of virtual threads few run at a time, so a
 * slot is <b>lent</b> to one of those. It counts in the slot like an owner, until it waits or ends
 * and another one asks for the slot. A borrower that neither waits nor allocates keeps it; one that
 * allocates a lot looks now and then whether there is one to own.
 *
 * <p>Who asks for the slot of a thread that waits takes it away, and then looks once more whether
 * that thread waits. If it does, it will find that the slot is not its own any more when it goes
 * on. If it does not, it may be about to count, and nobody else gets the slot until it waits again.
 * {@link Thread#getState()} is made to look at threads and no more, so nothing but figures hangs on
 * it: of two threads that counted like owners, one count could get lost.
 */
final class CommonSlots {

  /** Made when somebody uses them first; null until then. */
  private final AtomicReferenceArray<Slot> slots;

  /** The threads that slots are lent to, or were until they waited, ended or got one to own. */
  private final AtomicReferenceArray<WeakReference<Thread>> borrowers;

  CommonSlots(int count) {
    slots = new AtomicReferenceArray<>(count);
    borrowers = new AtomicReferenceArray<>(count);
    for (int number = 0; number < count; number++) {
      borrowers.setPlain(number, new WeakReference<>(null));
    }
  }

  /** Returns the slot of that number, or null if nobody has used it yet. */
  @Nullable
  Slot at(int number) {
    return slots.get(number);
  }

  /** Returns the slot of that number, which is made if nobody has used it yet. */
  Slot made(int number) {
    Slot slot = slots.get(number);
    while (slot == null) {
      slots.compareAndSet(number, null, new PaddedSlot(true, number % Slots.MAX_HOMES));
      slot = slots.get(number);
    }
    return slot;
  }

  /** Adds the slots that were made to a list. */
  void addTo(List<Slot> all) {
    for (int number = 0; number < slots.length(); number++) {
      Slot slot = slots.get(number);
      if (slot != null) {
        all.add(slot);
      }
    }
  }

  /** Lends the slot of that number to the current thread, a virtual one of that id, if it may. */
  void lend(int number, long id) {
    Slot slot = made(number);
    WeakReference<Thread> before = borrowers.get(number);
    if (slot.isLentTo(id)
        || isInUse(before)
        || !borrowers.compareAndSet(number, before, new WeakReference<>(Thread.currentThread()))) {
      return;
    }
    slot.lendTo(Slot.NOBODY);
    if (isInUse(before)) {
      borrowers.set(number, before);
    } else {
      slot.lendTo(id);
    }
  }

  /**
   * Ends the loan, if there is one, to the current thread, of that id, and forgets that it used the
   * slot last: it owns another one from now on, and would be led here first.
   */
  void leave(int number, long id) {
    Slot slot = slots.get(number);
    if (slot != null && slot.isLentTo(id)) {
      slot.lendTo(Slot.NOBODY);
    }
    if (slot != null && slot.isOwnedBy(id)) {
      slot.setOwner(Slot.NOBODY);
    }
    WeakReference<Thread> borrower = borrowers.get(number);
    if (borrower.refersTo(Thread.currentThread())) {
      borrowers.compareAndSet(number, borrower, new WeakReference<>(null));
    }
  }

  /** Returns whether that thread, if it is another one, may be counting. */
  private static boolean isInUse(WeakReference<Thread> borrower) {
    Thread thread = borrower.get();
    return thread != null
        && !borrower.refersTo(Thread.currentThread())
        && switch (thread.getState()) {
          case WAITING, TIMED_WAITING, TERMINATED -> false;
          case NEW, RUNNABLE, BLOCKED -> true;
        };
  }
}
