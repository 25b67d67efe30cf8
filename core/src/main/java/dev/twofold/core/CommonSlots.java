package dev.twofold.core;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Slots for threads that own none. Any number of threads may use one at a time, so all count in it
 * by atomic operations but one: of thousands of virtual threads few run at a time, so a slot is
 * <b>lent</b> to one of them, which counts in it like an owner until it waits or ends and another
 * one asks for the slot.
 *
 * <p>Who gets the slot of a thread that waits looks once more whether that waits, after it can find
 * that the slot is not lent to it any more. So either it goes on later and finds that, or it is
 * seen and keeps the slot from others until it waits again. As {@link Thread#getState()} is made to
 * look at threads and no more, nothing but figures hangs on it: of two threads that counted like
 * owners, one count could get lost.
 */
final class CommonSlots {

  /** Stands for a slot that nobody has used yet. */
  private final Slot none = new PaddedSlot(true, 0);

  /**
   * Made when somebody uses them first. Benign race: who does not see that one was made looks
   * again, under the lock.
   */
  private final Slot[] slots;

  /** The threads that slots are lent to, or were until they ended or waited. */
  private final AtomicReferenceArray<WeakReference<Thread>> borrowers;

  CommonSlots(int count) {
    slots = new Slot[count];
    Arrays.fill(slots, none);
    borrowers = new AtomicReferenceArray<>(count);
    for (int number = 0; number < count; number++) {
      borrowers.setPlain(number, new WeakReference<>(null));
    }
  }

  /** Returns the slot of that number: if nobody has used it yet, one that is nobody's. */
  Slot at(int number) {
    return slots[number];
  }

  /** Returns whether the slot of that number was made. */
  @SuppressWarnings("ReferenceEquality") // there is one that stands for none
  boolean isMade(int number) {
    return slots[number] != none;
  }

  /** Makes the slot of that number unless it was made; returns it. */
  Slot made(int number) {
    if (!isMade(number)) {
      make(number);
    }
    return slots[number];
  }

  /** Adds the slots that were made to a list. */
  synchronized void addTo(List<Slot> all) {
    for (int number = 0; number < slots.length; number++) {
      if (isMade(number)) {
        all.add(slots[number]);
      }
    }
  }

  /** Lends a slot that was made to the current thread, a virtual one of that id, if it may. */
  void lend(int number, long id) {
    WeakReference<Thread> before = borrowers.get(number);
    if (isAtWork(before.get())
        || !borrowers.compareAndSet(number, before, new WeakReference<>(Thread.currentThread()))) {
      return;
    }
    slots[number].lendTo(Slot.NOBODY);
    if (isAtWork(before.get())) {
      borrowers.set(number, before); // It may be just about to count.
    } else {
      slots[number].lendTo(id);
    }
  }

  private static boolean isAtWork(@Nullable Thread thread) {
    return thread != null
        && switch (thread.getState()) {
          case WAITING, TIMED_WAITING, TERMINATED -> false;
          case NEW, RUNNABLE, BLOCKED -> true;
        };
  }

  private synchronized void make(int number) {
    if (!isMade(number)) {
      slots[number] = new PaddedSlot(true, number % Slots.MAX_HOMES);
    }
  }
}
