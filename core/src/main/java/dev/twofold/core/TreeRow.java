package dev.twofold.core;

/**
 * The trees of a region, side by side, and the pages of runs in them: mechanism. For whoever holds
 * the locks of all trees concerned. Page numbers are absolute, and the pages {@code from} to {@code
 * to} do not include the latter.
 */
final class TreeRow {

  /** Returned instead of a page number when there is none. */
  static final long NONE = Tree.NONE;

  /** Returned instead of a page number when it is one of a tree whose lock may not be held. */
  static final long BEYOND = NONE - 1;

  private final LockedTree[] trees;

  /** Works on the trees of a region, in the order of their pages. */
  TreeRow(LockedTree[] trees) {
    this.trees = trees;
  }

  /** Takes the block at the page, if it is not a run's, from those who free without a lock. */
  boolean open(int tree, long page) {
    TreeRuns runs = runs(tree);
    int start = inTree(tree, page);
    if (runs.starts(start)) {
      return true;
    }
    int order = runs.blockOrder(start);
    return order != TreeRuns.NONE && runs.fromBlock(start, order);
  }

  /** Makes a run of pages that were claimed, or a block if they are one. */
  void finish(int tree, long from, long to) {
    runs(tree).finish(inTree(tree, from), to - from);
  }

  /** Claims pages from all trees or none, while they are free. */
  boolean claimSettled(int first, int last, long from, long to) {
    boolean claimed = claim(first, from, to);
    while (!claimed && isUnsettled(first, last)) {
      settle(first, last);
      claimed = claim(first, from, to);
    }
    return claimed;
  }

  /**
   * Claims from all trees or none; none if one is offline. A tree that is not laid out is free as a
   * whole, which cannot change: so these come last, and none is laid out for nothing.
   */
  boolean claim(int first, long from, long to) {
    int tree = first;
    for (long page = from; page < to; page = endIn(tree++, to)) {
      boolean online = trees[tree].isOnline();
      if (!online || (trees[tree].isLaidOut() && !claimIn(tree, page, to))) {
        takeBack(first, from, page);
        return false;
      }
    }
    tree = first;
    for (long page = from; page < to; page = endIn(tree++, to)) {
      if (!trees[tree].isLaidOut()) {
        claimIn(tree, page, to);
      }
    }
    return true;
  }

  private boolean claimIn(int tree, long page, long to) {
    return trees[tree].claimRun(inTree(tree, page), inTree(tree, endIn(tree, to)));
  }

  /** Frees a run that was opened. */
  void free(int tree, long from, long to) {
    runs(tree).forget(inTree(tree, from));
    release(tree, from, to);
  }

  /** Frees pages of a run. */
  void release(int first, long from, long to) {
    int tree = first;
    for (long page = from; page < to; page = endIn(tree++, to)) {
      trees[tree].releaseRun(inTree(tree, page), inTree(tree, endIn(tree, to)));
    }
  }

  /** Undoes claims, of which there are none in trees that are not laid out. */
  void takeBack(int first, long from, long to) {
    int tree = first;
    for (long page = from; page < to; page = endIn(tree++, to)) {
      if (trees[tree].isLaidOut()) {
        trees[tree].takeBackRun(inTree(tree, page), inTree(tree, endIn(tree, to)));
      }
    }
  }

  /** Makes the blocks of a run as few as possible. */
  void join(int first, long from, long to) {
    int tree = first;
    for (long page = from; page < to; page = endIn(tree++, to)) {
      runs(tree).join(inTree(tree, page), inTree(tree, endIn(tree, to)));
    }
  }

  /**
   * Returns the page behind the run, or {@link #BEYOND} if it does not end in trees whose locks are
   * held.
   */
  long end(int first, int locked, long page) {
    TreeRuns runs = runs(first);
    int start = inTree(first, page);
    if (!runs.starts(start)) {
      int order = runs.blockOrder(start);
      return order == TreeRuns.NONE ? NONE : page + Orders.pages(order);
    }
    int tree = first;
    long end = trees[tree].spanPage() + runs.end(start);
    while (end == trees[tree].endPage() && continues(tree)) {
      tree++;
      if (tree > locked) {
        return BEYOND;
      }
      TreeRuns next = runs(tree);
      if (!next.continues(0)) {
        return end;
      }
      end = trees[tree].spanPage() + next.end(0);
    }
    return end;
  }

  /**
   * Returns the first page of the run in the tree that holds the page, or {@link #NONE}, or {@link
   * #BEYOND} if it starts in a tree before.
   */
  long pageAround(int tree, long page) {
    TreeRuns runs = runs(tree);
    int start = runs.pageAround(inTree(tree, page));
    while (start > 0 && !runs.starts(start)) {
      start = runs.pageAround(start - 1);
    }
    if (start == TreeRuns.NONE) {
      return NONE;
    }
    return runs.starts(start) ? trees[tree].spanPage() + start : BEYOND;
  }

  /** Settles all that was freed to the trees so far. */
  void settle(int first, int last) {
    for (int tree = first; tree <= last; tree++) {
      trees[tree].settleUnderLock();
    }
  }

  /** Tells the index what is free in the trees. */
  void tellIndex(int first, int last) {
    for (int tree = first; tree <= last; tree++) {
      trees[tree].tellIndex();
    }
  }

  /** Returns whether anything was freed to the trees that is not settled. */
  boolean isUnsettled(int first, int last) {
    for (int tree = first; tree <= last; tree++) {
      if (trees[tree].isUnsettled()) {
        return true;
      }
    }
    return false;
  }

  private TreeRuns runs(int tree) {
    return trees[tree].runs();
  }

  private int inTree(int tree, long page) {
    return (int) (page - trees[tree].spanPage());
  }

  private long endIn(int tree, long to) {
    return Math.min(to, trees[tree].endPage());
  }

  /** Returns whether another tree stands beside this one. */
  private boolean continues(int tree) {
    return tree + 1 < trees.length;
  }

  /** Returns the last tree that does not start behind the page, or the first. */
  int upTo(long page) {
    int low = 0;
    int high = trees.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (trees[middle].firstPage() <= page) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * Checks that what continues a run of the tree before does follow one.
   *
   * @throws AssertionError naming the first tree where it does not
   */
  void validate() {
    for (int tree = 0; tree < trees.length; tree++) {
      if (runs(tree).continues(0)) {
        boolean follows = tree > 0 && endsInRun(tree - 1);
        Invariant.hold(follows, "a block continues no run; tree", tree);
      }
    }
  }

  private boolean endsInRun(int tree) {
    TreeRuns runs = runs(tree);
    long last = trees[tree].endPage() - 1;
    return runs.pageAround(inTree(tree, last)) != TreeRuns.NONE;
  }
}
