package dev.twofold.core;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Slots for any number of threads: bounded in number, up to four a processor and at least 16, and
 * as many that are common ({@link CommonSlots}).
 *
 * <p>A thread takes one of the four that its id points at, if one is free or its owner has ended,
 * and shares a common one as long as there is none; as it takes a while to see that there is none,
 * it does not look each time. So threads may come and go, be many or virtual, and strand nothing.
 * Threads that are made one after the other have different homes.
 */
final class SharedSlots extends Slots {

  private static final int SLOTS_PER_PROCESSOR = 4;
  private static final int MIN_SLOTS = 16;
  private static final int PROBES = 4;

  /** How many slots have owners, a power of two, less 1. */
  private final int mask;

  /** Stands for a slot that nobody has owned yet, or was lent. */
  private final Slot none = new PaddedSlot(true, 0);

  /**
   * Those that have owners, made before somebody owns them first. Benign race: who reads one that
   * another thread makes finds that its owner is somebody else.
   */
  private final Slot[] owned;

  private final CommonSlots common;

  /**
   * The common slots that were lent, again, as a borrower finds its own here in fewer steps. Benign
   * race: a thread uses only one that is lent to it, which it noted here itself.
   */
  private final Slot[] lent;

  /** The threads that own slots, or did so until they ended. */
  private final AtomicReferenceArray<WeakReference<Thread>> owners;

  SharedSlots() {
    int processors = Runtime.getRuntime().availableProcessors();
    int count = Integer.highestOneBit(Math.max(MIN_SLOTS, SLOTS_PER_PROCESSOR * processors));
    mask = count - 1;
    owned = new Slot[count];
    Arrays.fill(owned, none);
    common = new CommonSlots(count);
    lent = new Slot[count];
    Arrays.fill(lent, none);
    owners = new AtomicReferenceArray<>(count);
    for (int number = 0; number < count; number++) {
      owners.setPlain(number, new WeakReference<>(null));
    }
  }

  @Override
  Slot current() {
    long id = Thread.currentThread().threadId();
    Slot slot = owned[number(id, 0)];
    return slot.isOwnedBy(id) ? slot : elsewhere(id);
  }

  @Override
  void requireAccess() {}

  @Override
  @SuppressWarnings("ReferenceEquality") // there is one that stands for none
  synchronized List<Slot> all() {
    List<Slot> all = new ArrayList<>();
    for (int number = 0; number < owned.length; number++) {
      if (owned[number] != none) {
        all.add(owned[number]);
      }
    }
    common.addTo(all);
    return all;
  }

  /** Returns the number of the owned slot at some distance from where the id points. */
  private int number(long id, int distance) {
    return (int) (id + distance) & mask;
  }

  /** Who was lent a common slot, or used it last, owns none, so it need not look again. */
  private Slot elsewhere(long id) {
    Slot slot = lent[number(id, 0)];
    return slot.isLentTo(id) ? slot : notLent(id);
  }

  private Slot notLent(long id) {
    Slot shared = common.at(number(id, 0));
    if (shared == null || !shared.isOwnedBy(id)) {
      return ownedOrCommon(id, shared);
    }
    return shared.serves() ? shared : adopted(id);
  }

  private Slot ownedOrCommon(long id, @Nullable Slot shared) {
    for (int distance = 1; distance < PROBES; distance++) {
      Slot slot = owned[number(id, distance)];
      if (slot.isOwnedBy(id)) {
        return slot;
      }
    }
    if (shared == null || !shared.serves()) {
      return adopted(id);
    }
    shared.setOwner(id);
    return shared;
  }

  /** Makes a slot whose owner has ended the thread's, or lets it share a common one. */
  private Slot adopted(long id) {
    for (int distance = 0; distance < PROBES; distance++) {
      int number = number(id, distance);
      if (adopt(number)) {
        owned[number].setOwner(id);
        common.leave(number(id, 0), id);
        return owned[number];
      }
    }
    return common(id);
  }

  /** Lets the current thread share a slot, and lends it to a virtual thread if that may be. */
  private Slot common(long id) {
    int number = number(id, 0);
    if (Thread.currentThread().isVirtual()) {
      common.lend(number, id);
    }
    Slot slot = common.made(number);
    if (slot.isLentTo(id)) {
      lent[number] = slot;
    }
    return slot;
  }

  @SuppressWarnings("ReferenceEquality") // there is one that stands for none
  private synchronized void make(int number) {
    if (owned[number] == none) {
      owned[number] = new PaddedSlot(false, number % Slots.MAX_HOMES);
    }
  }

  /** Makes the current thread the slot's owner unless another one lives; returns whether it is. */
  private boolean adopt(int number) {
    WeakReference<Thread> before = owners.get(number);
    Thread owner = before.get();
    if (owner != null && owner.isAlive()) {
      return false;
    }
    make(number);
    return owners.compareAndSet(number, before, new WeakReference<>(Thread.currentThread()));
  }
}
