package dev.twofold.core;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Slots for any number of threads: bounded in number, up to four a processor and at least 16, and
 * as many that are common.
 *
 * <p>A thread takes one of the four that its id points at, if one is free or its owner has ended,
 * and shares a common one as long as there is none. So threads may come and go, be many or virtual,
 * and strand nothing. Threads that are made one after the other have different homes.
 */
final class SharedSlots implements Slots {

  private static final int SLOTS_PER_PROCESSOR = 4;
  private static final int MIN_SLOTS = 16;
  private static final int PROBES = 4;

  /** How many slots have owners, a power of two, less 1. */
  private final int mask;

  /** Those that have owners, then the common ones. */
  private final Slot[] slots;

  /** The threads that own slots, or did so until they ended. */
  private final AtomicReferenceArray<WeakReference<Thread>> owners;

  SharedSlots() {
    int processors = Runtime.getRuntime().availableProcessors();
    int count = Integer.highestOneBit(Math.max(MIN_SLOTS, SLOTS_PER_PROCESSOR * processors));
    mask = count - 1;
    slots = new Slot[2 * count];
    owners = new AtomicReferenceArray<>(count);
    for (int number = 0; number < count; number++) {
      slots[number] = new Slot(false, number % Slots.MAX_HOMES);
      slots[count + number] = new Slot(true, number % Slots.MAX_HOMES);
      owners.setPlain(number, new WeakReference<>(null));
    }
  }

  @Override
  public Slot current() {
    long id = Thread.currentThread().threadId();
    Slot slot = slots[number(id, 0)];
    return slot.isOwnedBy(id) ? slot : elsewhere(id);
  }

  @Override
  public void requireAccess() {}

  @Override
  public Words access() {
    return Words.SHARED;
  }

  @Override
  public List<Slot> all() {
    return List.of(slots);
  }

  /** Returns the number of the owned slot at some distance from where the id points. */
  private int number(long id, int distance) {
    return (int) (id + distance) & mask;
  }

  private Slot elsewhere(long id) {
    for (int distance = 1; distance < PROBES; distance++) {
      Slot slot = slots[number(id, distance)];
      if (slot.isOwnedBy(id)) {
        return slot;
      }
    }
    for (int distance = 0; distance < PROBES; distance++) {
      int number = number(id, distance);
      if (adopt(number)) {
        slots[number].setOwner(id);
        return slots[number];
      }
    }
    return slots[mask + 1 + number(id, 0)];
  }

  /** Makes the current thread the slot's owner unless another one lives; returns whether it is. */
  private boolean adopt(int number) {
    WeakReference<Thread> before = owners.get(number);
    Thread owner = before.get();
    return (owner == null || !owner.isAlive())
        && owners.compareAndSet(number, before, new WeakReference<>(Thread.currentThread()));
  }
}
