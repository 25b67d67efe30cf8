package dev.twofold.core;

import java.util.concurrent.locks.StampedLock;

/**
 * A tree with its lock, the states of its blocks and its leaf of the index. The metadata is laid
 * out at the first allocation; until then the layout alone tells what is free.
 *
 * <p>Invariants whenever the lock is free: the index holds the tree's largest free order, or none
 * if closed; a block is in the lists if and only if it has no state. Blocks out of the lists change
 * hands by their state alone, without this lock. Safe for use by any thread.
 */
final class LockedTree {

  /** Returned instead of a page when there is none. */
  static final int NONE = TwoTierTree.NONE;

  private final StampedLock lock = new StampedLock();
  private final TreeLayout layout;
  private final LargestOrderIndex index;
  private final int leaf;
  private final long spanPage;
  private final boolean shared;

  /** Null until the first allocation; guarded by the lock. */
  private @Nullable TwoTierTree tree;

  /** Empty until the first allocation and after the close. */
  private volatile BlockStates states = BlockStates.NOTHING;

  /** What the index holds for this tree; guarded by the lock. */
  private int published = LargestOrderIndex.NONE;

  /** Frees that went past the caches; guarded by the lock. */
  private long frees;

  /** Blocks that were taken whole and handed out in pieces; guarded by the lock. */
  private long splits;

  private boolean closed;

  /**
   * Makes a tree that publishes at {@code leaf} of {@code index}.
   *
   * @param shared whether more than one thread will change its states
   */
  LockedTree(TreeLayout layout, LargestOrderIndex index, int leaf, boolean shared) {
    this.layout = layout;
    this.index = index;
    this.leaf = leaf;
    this.spanPage = layout.spanPage();
    this.shared = shared;
    publish(layout.largestOrder());
  }

  /** Returns the states of the tree's blocks. */
  BlockStates states() {
    return states;
  }

  /** Returns the absolute number of page 0. */
  long spanPage() {
    return spanPage;
  }

  /**
   * Allocates a block of {@code order} and returns its first page, or {@link #NONE}; puts others
   * into the cache, whose stack of that order is empty. Throws if closed.
   */
  int allocate(int order, BlockCache cache) {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
      if (published < order) {
        return NONE;
      }
      TwoTierTree open = laidOut();
      if (open.smallestHolding(order) != order) {
        mergeSmaller(order, cache);
      }
      int page = allocateAndRefill(open, order, cache);
      publish(open.largestFreeOrder());
      return page;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Puts the block at {@code page} back into the lists if it is still cached; counts a free. */
  void takeBackFreed(int page, int order) {
    long stamp = lock.writeLock();
    try {
      takeBackUnderLock(page, order);
      frees++;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Puts the block at {@code page} back into the lists if it is still cached; returns whether so.
   */
  boolean takeBack(int page, int order) {
    long stamp = lock.writeLock();
    try {
      return takeBackUnderLock(page, order);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Puts blocks back into the lists that are still cached: those of the hints from index {@code
   * from} on that name this tree, up to index {@code to}. Returns the index of the first that does
   * not.
   */
  int takeBack(BlockCache cache, int order, int from, int to) {
    long stamp = lock.writeLock();
    try {
      int next = from;
      while (next < to && Hint.tree(cache.hint(order, next)) == leaf) {
        takeBackUnderLock(Hint.page(cache.hint(order, next)), order);
        next++;
      }
      return next;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Returns where the allocated block that holds {@code page} starts, or {@link #NONE}. */
  int allocatedPageAround(int page) {
    BlockStates current = states;
    for (int order = 0; order <= layout.height(); order++) {
      int start = Orders.alignDown(page, order);
      if (current.allocatedOrder(start) >= order) {
        return start;
      }
    }
    return NONE;
  }

  /** Throws if closed; all trees of an allocator are closed at once. */
  void requireOpen() {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Keeps everyone else from the lists until {@link #unlock} gets the stamp back. */
  long lock() {
    return lock.writeLock();
  }

  void unlock(long stamp) {
    lock.unlockWrite(stamp);
  }

  /** Adds the figures to {@code tally}; the caller holds the lock. */
  void addTo(Tally tally) {
    requireOpenUnderLock();
    TwoTierTree open = tree;
    if (open == null) {
      layout.addWholeTo(tally.freeBlocks);
      return;
    }
    open.addTo(tally);
    states.addTo(tally.allocatedBlocks, tally.freeBlocks);
    tally.frees += frees;
    tally.splits += splits;
  }

  /** Returns a hash of the metadata; the caller holds the lock. */
  long digest() {
    requireOpenUnderLock();
    TwoTierTree open = tree;
    return open == null ? 0 : ((open.digest() * 31 + states.digest()) * 31 + frees) * 31 + splits;
  }

  /** Checks the invariants; the caller holds the lock, and no operation is under way. */
  void validate() {
    requireOpenUnderLock();
    TwoTierTree open = tree;
    int largestFreeOrder = layout.largestOrder();
    if (open != null) {
      open.validate(states);
      largestFreeOrder = open.largestFreeOrder();
    }
    boolean agrees = published == largestFreeOrder && index.published(leaf) == published;
    Invariant.hold(agrees, "the index is wrong about tree", leaf);
  }

  /** Refuses everything from now on; the caller holds the lock. Returns whether it was open. */
  boolean close() {
    boolean wasOpen = !closed;
    closed = true;
    states = BlockStates.NOTHING;
    publish(LargestOrderIndex.NONE);
    return wasOpen;
  }

  /**
   * Caches more blocks of the order, up to half a stack, as long as it breaks up nothing that the
   * request itself does not: if a larger block must be split, those that lie beside the allocated
   * one in it, else other free blocks of just this order.
   */
  private int allocateAndRefill(TwoTierTree open, int order, BlockCache cache) {
    int wanted = cache.capacity(order) / 2;
    int taken = Math.min(open.smallestHolding(order), order + Orders.largestOf(wanted | 1));
    int page = open.allocate(taken);
    states.setAllocated(page, order);
    splits += Orders.pages(taken - order) - 1;
    int step = Orders.pages(order);
    int pushed = 0;
    // Backwards, so that the lowest block is handed out first.
    for (int block = page + Orders.pages(taken) - step; block > page; block -= step) {
      push(block, order, cache);
      pushed++;
    }
    if (taken == order) {
      while (pushed < wanted && open.smallestHolding(order) == order) {
        push(open.allocate(order), order, cache);
        pushed++;
      }
    }
    cache.countRefills(pushed);
    return page;
  }

  /**
   * Before a block is split, takes back what the cache has of smaller orders: merged, it may serve.
   * So one thread alone splits nothing that it would not split without a cache.
   */
  private void mergeSmaller(int order, BlockCache cache) {
    for (int smaller = 0; smaller < order; smaller++) {
      int count = cache.count(smaller);
      int mine = 0;
      for (int index = 0; index < count; index++) {
        long hint = cache.hint(smaller, index);
        if (Hint.tree(hint) == leaf) {
          takeBackUnderLock(Hint.page(hint), smaller);
          mine++;
        }
      }
      if (mine == count) {
        cache.clear(smaller);
      }
    }
  }

  private void push(int page, int order, BlockCache cache) {
    states.setCached(page, order);
    cache.push(order, Hint.of(leaf, page));
  }

  private boolean takeBackUnderLock(int page, int order) {
    TwoTierTree open = tree;
    if (open == null || !states.reclaim(page, order)) {
      return false;
    }
    open.free(page, order);
    publish(open.largestFreeOrder());
    return true;
  }

  private TwoTierTree laidOut() {
    TwoTierTree existing = tree;
    if (existing != null) {
      return existing;
    }
    TwoTierTree laidOut = new TwoTierTree(layout);
    states = BlockStates.of(Orders.pages(layout.height()), shared);
    tree = laidOut;
    return laidOut;
  }

  private void publish(int largestFreeOrder) {
    if (largestFreeOrder != published) {
      index.publish(leaf, largestFreeOrder);
      published = largestFreeOrder;
    }
  }

  private void requireOpenUnderLock() {
    if (closed) {
      throw new IllegalStateException("the allocator is closed");
    }
  }
}
