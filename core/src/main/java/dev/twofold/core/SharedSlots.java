package dev.twofold.core;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Slots for any number of threads: bounded in number, four a processor and at least 16, and as many
 * that are common.
 *
 * <p>A thread takes one of the four that its id points at, if one is free or its owner has ended,
 * and shares a common one as long as there is none. So threads may come and go, be many or virtual,
 * and strand nothing.
 */
final class SharedSlots implements Slots {

  private static final int SLOTS_PER_PROCESSOR = 4;
  private static final int MIN_SLOTS = 16;
  private static final int PROBES = 4;

  private final Slot[] owned;
  private final Slot[] common;

  SharedSlots() {
    int processors = Runtime.getRuntime().availableProcessors();
    int count = Integer.highestOneBit(Math.max(MIN_SLOTS, SLOTS_PER_PROCESSOR * processors));
    owned = new Slot[count];
    common = new Slot[count];
    Arrays.setAll(owned, slot -> new Slot.Owned());
    Arrays.setAll(common, slot -> new Slot.Common());
  }

  @Override
  public Slot current() {
    Thread thread = Thread.currentThread();
    long id = thread.threadId();
    Slot slot = probe(id, 0);
    return slot.isOwnedBy(id) ? slot : elsewhere(thread, id);
  }

  @Override
  public void requireAccess() {}

  @Override
  public List<Slot> all() {
    return Stream.of(owned, common).flatMap(Arrays::stream).toList();
  }

  private Slot probe(long id, int distance) {
    return owned[(int) (id + distance) & (owned.length - 1)];
  }

  private Slot elsewhere(Thread thread, long id) {
    for (int distance = 1; distance < PROBES; distance++) {
      Slot slot = probe(id, distance);
      if (slot.isOwnedBy(id)) {
        return slot;
      }
    }
    for (int distance = 0; distance < PROBES; distance++) {
      Slot slot = probe(id, distance);
      if (slot.adopt(thread)) {
        return slot;
      }
    }
    return common[(int) id & (common.length - 1)];
  }
}
