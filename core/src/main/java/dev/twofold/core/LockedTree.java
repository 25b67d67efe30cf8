package dev.twofold.core;

import java.util.concurrent.locks.StampedLock;

/**
 * A tree with its lock and its leaf of the index. The tree's metadata is laid out at its first
 * allocation; until then the layout alone tells what is free.
 *
 * <p>Invariant: whenever the lock is free, the index holds the tree's largest free order, or none
 * if closed. Safe for use by any thread.
 */
final class LockedTree {

  private final StampedLock lock = new StampedLock();
  private final TreeLayout layout;
  private final LargestOrderIndex index;
  private final int leaf;

  /** Null until the first allocation. */
  private @Nullable Tree tree;

  /** What the index holds for this tree. */
  private int published = LargestOrderIndex.NONE;

  private boolean closed;

  /** Makes a tree that publishes at {@code leaf} of {@code index}. */
  LockedTree(TreeLayout layout, LargestOrderIndex index, int leaf) {
    this.layout = layout;
    this.index = index;
    this.leaf = leaf;
    publish(layout.largestOrder());
  }

  /** See {@link Tree#allocate}; throws if closed. */
  long allocate(int order) {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
      if (published < order) {
        return Tree.NONE;
      }
      Tree open = laidOut();
      long page = open.allocate(order);
      publish(open.largestFreeOrder());
      return page;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** See {@link Tree#free}; throws if closed. */
  int free(long page) {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
      Tree open = tree;
      if (open == null) {
        return Tree.NONE;
      }
      int order = open.free(page);
      publish(open.largestFreeOrder());
      return order;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** See {@link Tree#allocatedOrder}; throws if closed. */
  int allocatedOrder(long page) {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
      Tree open = tree;
      return open == null ? Tree.NONE : open.allocatedOrder(page);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** See {@link Tree#allocatedPageAround}; throws if closed. */
  long allocatedPageAround(long page) {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
      Tree open = tree;
      return open == null ? Tree.NONE : open.allocatedPageAround(page);
    } finally {
      lock.unlockWrite(stamp);
    }
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

  /** Keeps everyone else out until {@link #unlock} gets the stamp back. */
  long lock() {
    return lock.writeLock();
  }

  void unlock(long stamp) {
    lock.unlockWrite(stamp);
  }

  /** Adds the figures to {@code tally}; the caller holds the lock. */
  void addTo(Tally tally) {
    requireOpenUnderLock();
    Tree open = tree;
    if (open == null) {
      layout.addWholeTo(tally.freeBlocks);
    } else {
      open.addTo(tally);
    }
  }

  /** See {@link Tree#digest}; the caller holds the lock. */
  long digest() {
    requireOpenUnderLock();
    Tree open = tree;
    return (open == null ? 0 : open.digest()) * 31 + published;
  }

  /** See {@link Tree#validate}; the caller holds the lock. */
  void validate() {
    requireOpenUnderLock();
    Tree open = tree;
    int largestFreeOrder = layout.largestOrder();
    if (open != null) {
      open.validate();
      largestFreeOrder = open.largestFreeOrder();
    }
    boolean agrees = published == largestFreeOrder && index.published(leaf) == published;
    Invariant.hold(agrees, "the index is wrong about tree", leaf);
  }

  /** Refuses everything from now on; the caller holds the lock. */
  void close() {
    closed = true;
    publish(LargestOrderIndex.NONE);
  }

  private Tree laidOut() {
    Tree existing = tree;
    if (existing != null) {
      return existing;
    }
    Tree laidOut = new Tree(layout);
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
