package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;

/**
 * Where a thread allocates: for each order the word that served it last, so that the next request
 * goes straight there, and the unit it draws on, which others leave alone as long as they can. That
 * is all a cache has to be here: it holds no block, only where to look, so nothing is kept from
 * others and nothing is lost with a thread.
 *
 * <p>A slot belongs to one thread at a time, but may be used by any: words decide who gets a block.
 * When its owner has ended, another thread adopts it. A {@link Common} slot is used by all that
 * have none.
 *
 * <p>Benign race: a cursor may lead to a unit that the slot does not draw on any more. It leads to
 * a word of its tree all the same, and the word says what is free.
 */
abstract class Slot {

  /** Room before and behind, so that two slots do not share a cache line. */
  private static final int PADDING = 16;

  private static final int UNITS = PADDING + Orders.COUNT;
  private static final int SERVING = UNITS + Tiers.UNIT_ORDER;
  private static final int DEPTHS = SERVING + Tiers.UNIT_ORDER;
  private static final int RECENT = DEPTHS + Tiers.UNIT_ORDER;
  private static final int DEPTH_SHIFT = 4;
  private static final int MAX_DEPTH = 1 << DEPTH_SHIFT;
  private static final int ALLOCATIONS = RECENT + (Tiers.UNIT_ORDER << DEPTH_SHIFT);
  private static final int SPLITS = ALLOCATIONS + 1;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  final long[] cells = new long[SPLITS + 1 + PADDING];

  private volatile long ownerId;
  private volatile WeakReference<Thread> owner = new WeakReference<>(null);

  private Slot() {
    for (int order = 0; order < Orders.COUNT; order++) {
      cells[PADDING + order] = Cursor.NOWHERE;
    }
    for (int order = 0; order < Tiers.UNIT_ORDER; order++) {
      cells[UNITS + order] = Cursor.NOWHERE;
    }
  }

  /** Counts an allocation that took that many splits. */
  abstract void count(int splits);

  /** Returns where requests of {@code order} go. */
  final long cursor(int order) {
    return (long) CELL.getOpaque(cells, PADDING + order);
  }

  /** Takes the block of a small order that was noted last, or returns NOWHERE. */
  final long popRecent(int order) {
    int depth = (int) (long) CELL.getOpaque(cells, DEPTHS + order) - 1;
    if (depth < 0) {
      return Cursor.NOWHERE;
    }
    CELL.setOpaque(cells, DEPTHS + order, (long) depth);
    return (long) CELL.getOpaque(cells, RECENT + (order << DEPTH_SHIFT) + depth);
  }

  /** Notes a block of a small order that was freed; returns whether there was room. */
  final boolean pushRecent(int order, long block) {
    int depth = (int) (long) CELL.getOpaque(cells, DEPTHS + order);
    if (depth == MAX_DEPTH) {
      return false;
    }
    CELL.setOpaque(cells, RECENT + (order << DEPTH_SHIFT) + depth, block);
    CELL.setOpaque(cells, DEPTHS + order, depth + 1L);
    return true;
  }

  /** Lets requests of {@code order} go elsewhere. */
  final void point(int order, long cursor) {
    CELL.setOpaque(cells, PADDING + order, cursor);
  }

  /** Returns which other words of the cursor's unit can serve the order, as bits: a hint. */
  final int serving(int order) {
    return (int) (long) CELL.getOpaque(cells, SERVING + order);
  }

  /** Notes which other words of the cursor's unit can serve the order. */
  final void setServing(int order, int words) {
    CELL.setOpaque(cells, SERVING + order, (long) words);
  }

  /** Returns a cursor into the unit that requests of a small order draw on. */
  final long unit(int order) {
    return (long) CELL.getOpaque(cells, UNITS + order);
  }

  /** Lets requests of a small order draw on another unit; returns a cursor into the one before. */
  final long draw(int order, long cursor) {
    return (long) CELL.getAndSet(cells, UNITS + order, cursor);
  }

  /** Returns the allocations counted so far. */
  final long allocations() {
    return (long) CELL.getOpaque(cells, ALLOCATIONS);
  }

  /** Returns the splits counted so far. */
  final long splits() {
    return (long) CELL.getOpaque(cells, SPLITS);
  }

  /** Returns whether the slot belongs to the thread of that id. */
  final boolean isOwnedBy(long threadId) {
    return ownerId == threadId;
  }

  /** Makes {@code thread} the owner if there is none or it has ended; returns whether it is now. */
  final boolean adopt(Thread thread) {
    return !hasOwner() && adoptIfStillFree(thread);
  }

  private boolean hasOwner() {
    Thread current = owner.get();
    return current != null && current.isAlive();
  }

  private synchronized boolean adoptIfStillFree(Thread thread) {
    if (hasOwner()) {
      return false;
    }
    owner = new WeakReference<>(thread);
    ownerId = thread.threadId();
    return true;
  }

  /** Counted by its owner alone. */
  static final class Owned extends Slot {

    @Override
    void count(int splits) {
      CELL.setOpaque(cells, ALLOCATIONS, cells[ALLOCATIONS] + 1);
      CELL.setOpaque(cells, SPLITS, cells[SPLITS] + splits);
    }
  }

  /** Counted by any thread. */
  static final class Common extends Slot {

    @Override
    void count(int splits) {
      CELL.getAndAdd(cells, ALLOCATIONS, 1L);
      if (splits != 0) {
        CELL.getAndAdd(cells, SPLITS, (long) splits);
      }
    }
  }
}
