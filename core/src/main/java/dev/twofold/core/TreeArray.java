package dev.twofold.core;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;

/**
 * The array of trees that forms the overall allocator: one lock a tree, and an index that sends a
 * request on to a tree that can serve it.
 *
 * <p>Protocol. A tree and its leaf of the index change together under the tree's lock, so the index
 * is exact whenever the lock is free. A request asks the index for a tree, locks it and allocates;
 * if another thread was faster it asks again, which the other thread's success has changed. It is
 * refused only on the word of the index ({@link LargestOrderIndex}), so never while some tree could
 * serve it. Operations on several trees lock them all in the order of the array.
 *
 * <p>Threads meet only in the trees: everything else here is immutable but for {@link #open}, which
 * is written under all locks and read under any.
 */
final class TreeArray {

  /** Returned instead of a page number when no tree can serve a request. */
  static final long NONE = Tree.NONE;

  private final Tree[] trees;
  private final StampedLock[] locks;
  private final LargestOrderIndex index;
  private volatile boolean open = true;

  TreeArray(List<TreeLayout> layouts) {
    trees = new Tree[layouts.size()];
    locks = new StampedLock[layouts.size()];
    index = new LargestOrderIndex(layouts.size());
    Arrays.setAll(trees, tree -> new Tree(layouts.get(tree)));
    Arrays.setAll(locks, tree -> new StampedLock());
    for (int tree = 0; tree < trees.length; tree++) {
      index.publish(tree, trees[tree].largestFreeOrder());
    }
  }

  /**
   * Allocates a block of {@code order} and returns its first page, or {@link #NONE} if there was a
   * moment during the call at which no tree could serve it.
   *
   * @throws IllegalStateException if closed
   */
  long allocate(int order) {
    int tree = index.firstWith(order);
    while (tree != LargestOrderIndex.NONE) {
      long page = allocateFrom(tree, order);
      if (page != NONE) {
        return page;
      }
      tree = index.firstWith(order);
    }
    requireOpen();
    return NONE;
  }

  /**
   * Frees the block that starts at {@code page} of {@code tree}; returns its order, or {@link
   * Tree#NONE} and changes nothing if no allocated block starts there.
   *
   * @throws IllegalStateException if closed
   */
  int free(int tree, long page) {
    StampedLock lock = locks[tree];
    long stamp = lock.writeLock();
    try {
      requireOpen();
      int order = trees[tree].free(page);
      publish(tree);
      return order;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Returns the order of the allocated block that starts at {@code page}, or {@link Tree#NONE}. */
  int allocatedOrder(int tree, long page) {
    StampedLock lock = locks[tree];
    long stamp = lock.writeLock();
    try {
      requireOpen();
      return trees[tree].allocatedOrder(page);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Returns where the allocated block that holds {@code page} starts, or {@link #NONE}. */
  long allocatedPageAround(int tree, long page) {
    StampedLock lock = locks[tree];
    long stamp = lock.writeLock();
    try {
      requireOpen();
      return trees[tree].allocatedPageAround(page);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Returns the figures of all trees at one moment. */
  Tally tally() {
    return withAllLocked(
        () -> {
          Tally tally = new Tally();
          for (Tree tree : trees) {
            tree.addTo(tally);
          }
          return tally;
        });
  }

  /** Returns a hash of the metadata of all trees at one moment. */
  long digest() {
    return withAllLocked(
        () -> {
          long digest = 0;
          for (Tree tree : trees) {
            digest = digest * 31 + tree.digest();
          }
          return digest;
        });
  }

  /**
   * Checks every invariant of every tree and of the index, at one moment.
   *
   * @throws AssertionError naming the first one that does not hold
   */
  void validate() {
    withAllLocked(
        () -> {
          for (int tree = 0; tree < trees.length; tree++) {
            trees[tree].validate();
            boolean published = index.published(tree) == trees[tree].largestFreeOrder();
            Invariant.hold(published, "the index is wrong about tree", tree);
          }
          index.validate();
          return trees.length;
        });
  }

  /** Refuses everything from now on; returns false if that was so before. */
  boolean close() {
    long[] stamps = lockAll();
    try {
      boolean wasOpen = open;
      open = false;
      for (int tree = 0; tree < trees.length; tree++) {
        index.publish(tree, LargestOrderIndex.NONE);
      }
      return wasOpen;
    } finally {
      unlockAll(stamps);
    }
  }

  private long allocateFrom(int tree, int order) {
    StampedLock lock = locks[tree];
    long stamp = lock.writeLock();
    try {
      requireOpen();
      long page = trees[tree].allocate(order);
      publish(tree);
      return page;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private void publish(int tree) {
    int largestFreeOrder = trees[tree].largestFreeOrder();
    if (largestFreeOrder != index.published(tree)) {
      index.publish(tree, largestFreeOrder);
    }
  }

  private <T> T withAllLocked(Supplier<T> action) {
    long[] stamps = lockAll();
    try {
      requireOpen();
      return action.get();
    } finally {
      unlockAll(stamps);
    }
  }

  private long[] lockAll() {
    long[] stamps = new long[locks.length];
    for (int tree = 0; tree < locks.length; tree++) {
      stamps[tree] = locks[tree].writeLock();
    }
    return stamps;
  }

  private void unlockAll(long[] stamps) {
    for (int tree = 0; tree < locks.length; tree++) {
      locks[tree].unlockWrite(stamps[tree]);
    }
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the allocator is closed");
    }
  }
}
