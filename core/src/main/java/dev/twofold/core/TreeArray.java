package dev.twofold.core;

import java.util.List;
import java.util.function.Supplier;

/**
 * The array of trees that forms the overall allocator, and the index that sends a request on to a
 * tree that can serve it.
 *
 * <p>A request asks the index for a tree, locks it and allocates; if another thread was faster it
 * asks again, and the index then knows what the other thread took. It is refused only on the word
 * of the index ({@link LargestOrderIndex}), so never while some tree could serve it all along.
 * Operations on all trees lock them in the order of the array.
 *
 * <p>Safe for use by any thread; immutable itself, so threads meet only in the trees.
 */
final class TreeArray {

  /** Returned instead of a page number when no tree can serve a request. */
  static final long NONE = Tree.NONE;

  private final LockedTree[] trees;
  private final LargestOrderIndex index;

  TreeArray(List<TreeLayout> layouts, boolean shared) {
    trees = new LockedTree[layouts.size()];
    index = new LargestOrderIndex(layouts.size());
    for (int tree = 0; tree < trees.length; tree++) {
      trees[tree] = new LockedTree(layouts.get(tree), index, tree, shared);
    }
  }

  /**
   * Allocates a block of {@code order}, filling {@code cache} with others, and returns its first
   * page; or returns {@link #NONE} if there was a moment at which no tree could serve it. Throws if
   * closed.
   */
  long allocate(int order, BlockCache cache) {
    int tree = index.firstWith(order);
    while (tree != LargestOrderIndex.NONE) {
      int page = trees[tree].allocate(order, cache);
      if (page != LockedTree.NONE) {
        return trees[tree].spanPage() + page;
      }
      tree = index.firstWith(order);
    }
    requireOpen();
    return NONE;
  }

  /** Returns the tree at {@code index}, as {@link AddressMap} counts them. */
  LockedTree at(int index) {
    return trees[index];
  }

  /** Throws if closed; all trees are closed at once. */
  void requireOpen() {
    trees[0].requireOpen();
  }

  /** Returns the figures of all trees at one moment. */
  Tally tally() {
    return exclusively(
        () -> {
          Tally tally = new Tally();
          for (LockedTree tree : trees) {
            tree.addTo(tally);
          }
          return tally;
        });
  }

  /** Returns a hash of the metadata of all trees at one moment. */
  long digest() {
    return exclusively(
        () -> {
          long digest = 0;
          for (LockedTree tree : trees) {
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
    exclusively(
        () -> {
          for (LockedTree tree : trees) {
            tree.validate();
          }
          index.validate();
          return trees.length;
        });
  }

  /** Refuses everything from now on; returns whether it was open before. */
  boolean close() {
    return exclusively(
        () -> {
          boolean wasOpen = false;
          for (LockedTree tree : trees) {
            wasOpen |= tree.close();
          }
          return wasOpen;
        });
  }

  private <T> T exclusively(Supplier<T> action) {
    long[] stamps = new long[trees.length];
    for (int tree = 0; tree < trees.length; tree++) {
      stamps[tree] = trees[tree].lock();
    }
    try {
      return action.get();
    } finally {
      for (int tree = 0; tree < trees.length; tree++) {
        trees[tree].unlock(stamps[tree]);
      }
    }
  }
}
