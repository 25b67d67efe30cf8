package dev.twofold.core;

import java.util.Arrays;

/**
 * Pages that need not lie side by side, in as few runs as possible: the longest run of free pages
 * first, then the next. All or none. For whoever holds the locks of all trees; used once.
 *
 * <p>Nobody else looks for pages meanwhile except within words that he knows; who is about to be
 * refused for what was taken only to be given back looks again.
 */
final class Scatter {

  /** Returned when there are not so many free pages. */
  static final long[] NOTHING = {};

  private final LockedTree[] trees;

  /** Each tree as a row of its own. */
  private final TreeRow[] rows;

  /** The longest run of free pages of each tree, and its splits before. */
  private final long[] longest;

  private final long[] splits;

  /** The runs taken: the tree of each, its first page, and the page behind it. */
  private int[] where = new int[16];

  private long[] starts = new long[16];
  private long[] ends = new long[16];
  private int count;

  Scatter(LockedTree[] trees) {
    this.trees = trees;
    rows = new TreeRow[trees.length];
    for (int tree = 0; tree < trees.length; tree++) {
      rows[tree] = new TreeRow(new LockedTree[] {trees[tree]});
    }
    longest = new long[trees.length];
    splits = new long[trees.length];
  }

  /** Allocates so many pages; returns the first page of each run, or {@link #NOTHING}. */
  long[] allocate(long pageCount) {
    for (int tree = 0; tree < splits.length; tree++) {
      splits[tree] = trees[tree].runs().splits();
    }
    if (trees.length == 0) {
      return NOTHING;
    }
    long left = pageCount;
    while (left > 0) {
      if (count() >= left) {
        left = take(left);
      } else if (!TreeArray.isUnsettled(trees)) {
        takeBack();
        return NOTHING;
      }
    }
    for (int run = 0; run < count; run++) {
      rows[where[run]].finish(0, starts[run], ends[run]);
    }
    return Arrays.copyOf(starts, count);
  }

  /** Settles and counts all that is free, and learns how it lies. */
  private long count() {
    long pages = 0;
    for (int tree = 0; tree < longest.length; tree++) {
      longest[tree] = 0;
      if (trees[tree].isOnline()) {
        trees[tree].settleUnderLock();
        pages += trees[tree].countFreePages();
        longest[tree] = trees[tree].longestRun();
      }
    }
    return pages;
  }

  /**
   * Takes run after run until some page was lost to somebody else; returns what is left to take.
   */
  private long take(long pageCount) {
    long left = pageCount;
    boolean taken = true;
    while (left > 0 && taken) {
      int tree = treeWithLongest();
      long pages = Math.min(left, longest[tree]);
      taken = pages > 0 && take(tree, pages);
      left -= taken ? pages : 0;
    }
    return left;
  }

  private boolean take(int tree, long pages) {
    LockedTree of = trees[tree];
    RunRequest request = new RunRequest(pages, 1, of.firstPage(), of.endPage(), false);
    RunSearch search = new RunSearch().of(request);
    of.tell(search);
    long page = search.found();
    if (!search.isFound() || !rows[tree].claim(0, page, page + pages)) {
      return false;
    }
    if (count == starts.length) {
      where = Arrays.copyOf(where, 2 * count);
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    where[count] = tree;
    starts[count] = page;
    ends[count++] = page + pages;
    longest[tree] = of.longestRun();
    return true;
  }

  private int treeWithLongest() {
    int best = 0;
    for (int tree = 1; tree < longest.length; tree++) {
      best = longest[tree] > longest[best] ? tree : best;
    }
    return best;
  }

  private void takeBack() {
    for (int run = 0; run < count; run++) {
      rows[where[run]].takeBack(0, starts[run], ends[run]);
    }
    for (int tree = 0; tree < splits.length; tree++) {
      trees[tree].runs().restoreSplits(splits[tree]);
    }
  }
}
