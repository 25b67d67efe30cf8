package dev.twofold.core;

import java.lang.ref.WeakReference;
import java.util.Arrays;
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
final class SharedSlots extends Slots {

  private static final int SLOTS_PER_PROCESSOR = 4;
  private static final int MIN_SLOTS = 16;
  private static final int PROBES = 4;

  /** How many slots have owners, a power of two, less 1. */
  private final int mask;

  /** Stands for a slot that nobody has asked for yet. */
  private final Slot none = new Slot(true, 0);

  /**
   * Those that have owners, then the common ones; each is made when it is asked for first. Benign
   * race: who reads one that another thread makes finds none, or that its owner is somebody else.
   */
  private final Slot[] slots;

  /** The threads that own slots, or did so until they ended. */
  private final AtomicReferenceArray<WeakReference<Thread>> owners;

  SharedSlots() {
    int processors = Runtime.getRuntime().availableProcessors();
    int count = Integer.highestOneBit(Math.max(MIN_SLOTS, SLOTS_PER_PROCESSOR * processors));
    mask = count - 1;
    slots = new Slot[2 * count];
    Arrays.fill(slots, none);
    owners = new AtomicReferenceArray<>(count);
    for (int number = 0; number < count; number++) {
      owners.setPlain(number, new WeakReference<>(null));
    }
  }

  @Override
  Slot current() {
    long id = Thread.currentThread().threadId();
    Slot slot = slots[number(id, 0)];
    return slot.isOwnedBy(id) ? slot : elsewhere(id);
  }

  @Override
  void requireAccess() {}

  @Override
  Words access() {
    return Words.SHARED;
  }

  @Override
  List<Slot> all() {
    return Arrays.stream(slots).filter(this::isMade).toList();
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
        Slot slot = made(number);
        slot.setOwner(id);
        return slot;
      }
    }
    return made(mask + 1 + number(id, 0));
  }

  private synchronized Slot made(int number) {
    if (!isMade(slots[number])) {
      slots[number] = new Slot(number > mask, number % Slots.MAX_HOMES);
    }
    return slots[number];
  }

  @SuppressWarnings("ReferenceEquality") // there is one that stands for none
  private boolean isMade(Slot slot) {
    return slot != none;
  }

  /** Makes the current thread the slot's owner unless another one lives; returns whether it is. */
  private boolean adopt(int number) {
    WeakReference<Thread> before = owners.get(number);
    Thread owner = before.get();
    return (owner == null || !owner.isAlive())
        && owners.compareAndSet(number, before, new WeakReference<>(Thread.currentThread()));
  }
}
