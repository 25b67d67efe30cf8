package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;

/**
 * Hints to cached blocks, one stack an order, written by one thread at a time: the owner.
 *
 * <p>A hint is the number of a block that was cached when the hint was pushed. It may be stale: the
 * block's state alone decides ({@link BlockStates}). As only the owner writes here, no hint is lost
 * and nothing costs an atomic operation; any thread may read, to take the blocks back when memory
 * is short. A hint is dropped or overwritten only after its block was claimed or reclaimed by
 * someone, so every cached block has a hint in some cache, or a free that has not returned.
 *
 * <p>A cache keeps at most 2,944 pages: {@link #CAPACITIES} blocks of each order. It belongs to no
 * thread for good: when the owner has ended, another thread adopts the cache with what is in it.
 *
 * <p>Benign race: a reader may see a hint that was popped long ago, or the one before it.
 */
final class BlockCache {

  /** Returned when a stack is empty. */
  static final long NONE = -1;

  /** Has room for nothing and belongs to nobody, so that nobody asks whether there is a cache. */
  static final BlockCache NO_CACHE = new BlockCache(new int[Orders.COUNT]);

  /**
   * What a cache may keep back of each order: much where requests are many and blocks small, up to
   * order 9, so that a pair of allocation and free does not break and heal a small tree.
   */
  private static final int[] CAPACITIES = {
    64, 32, 32, 16, 16, 8, 4, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PADDING = 16;
  private static final int TOPS = PADDING;
  private static final int PUSHES = TOPS + Orders.COUNT;
  private static final int HINTS = PUSHES + 1;

  /** Where each stack begins in {@link #cells}; the last element is where the last one ends. */
  private final int[] bases = new int[Orders.COUNT + 1];

  /**
   * What the owner writes, in one array with room before and behind, so that two owners do not
   * share a cache line: the tops of the stacks, the number of pushes so far, the stacks.
   */
  private final long[] cells;

  private long refills;
  private volatile long ownerId;
  private WeakReference<Thread> owner = new WeakReference<>(null);

  BlockCache() {
    this(CAPACITIES);
  }

  private BlockCache(int[] capacities) {
    bases[0] = HINTS;
    for (int order = 0; order < Orders.COUNT; order++) {
      bases[order + 1] = bases[order] + capacities[order];
    }
    cells = new long[bases[Orders.COUNT] + PADDING];
    for (int order = 0; order < Orders.COUNT; order++) {
      cells[TOPS + order] = bases[order];
    }
    for (int cell = HINTS; cell < cells.length; cell++) {
      cells[cell] = NONE;
    }
  }

  /** Returns whether the thread of that id may write here. */
  boolean isOwnedBy(long threadId) {
    return ownerId == threadId;
  }

  /** Makes {@code thread} the owner if there is none or it has ended; returns whether it is now. */
  synchronized boolean adopt(Thread thread) {
    Thread current = owner.get();
    if (current != null && current.isAlive()) {
      return false;
    }
    owner = new WeakReference<>(thread);
    ownerId = thread.threadId();
    return true;
  }

  /** Takes the hint pushed last, or returns {@link #NONE}; for the owner. */
  long pop(int order) {
    int top = (int) cells[TOPS + order] - 1;
    if (top < bases[order]) {
      return NONE;
    }
    cells[TOPS + order] = top;
    return cells[top];
  }

  /**
   * Adds a hint to a block that is cached now, or returns false if there is no room; for the owner.
   */
  boolean push(int order, long hint) {
    int top = (int) cells[TOPS + order];
    if (top == bases[order + 1]) {
      return false;
    }
    CELL.setOpaque(cells, top, hint);
    cells[TOPS + order] = top + 1L;
    CELL.setRelease(cells, PUSHES, cells[PUSHES] + 1);
    return true;
  }

  /** Returns how many hints of {@code order} there are; for the owner. */
  int count(int order) {
    return (int) cells[TOPS + order] - bases[order];
  }

  /** Drops all hints of {@code order}, whose blocks are cached no longer; for the owner. */
  void clear(int order) {
    cells[TOPS + order] = bases[order];
  }

  /** Returns how many hints of {@code order} there is room for in an empty stack. */
  int capacity(int order) {
    return bases[order + 1] - bases[order];
  }

  /**
   * Returns the hint at {@code index} from the bottom of its stack, stale or not; for any thread.
   */
  long hint(int order, int index) {
    return (long) CELL.getOpaque(cells, bases[order] + index);
  }

  /**
   * Drops the older half of a full stack, whose blocks are cached no longer; for the owner. The
   * halves do not overlap, so a reader that goes upwards misses none of the others.
   */
  void dropOlderHalf(int order) {
    int base = bases[order];
    int half = capacity(order) / 2;
    for (int cell = base; cell < base + half; cell++) {
      CELL.setOpaque(cells, cell, cells[cell + half]);
    }
    cells[TOPS + order] = (long) base + half;
  }

  /** Returns the pushes so far: unchanged means that no block was cached here in between. */
  long pushes() {
    return (long) CELL.getAcquire(cells, PUSHES);
  }

  /** Says that {@code count} of the pushes were not frees; for the owner, under a tree's lock. */
  void countRefills(int count) {
    if (count > 0) {
      refills += count;
    }
  }

  /** Returns the frees so far that were pushed here. */
  long frees() {
    return pushes() - refills;
  }
}
