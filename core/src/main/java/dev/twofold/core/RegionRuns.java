package dev.twofold.core;

import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * The runs of one region: what becomes of them, be they of one tree or of several.
 *
 * <p>Whatever is done to a run is done while the locks of its trees are held, which are taken in
 * the order of their pages: mostly that of one tree alone. Those that keep units from everybody
 * come first, as such units look like blocks of runs. So of frees that race one wins, and who fails
 * half-way can put back what he took before anybody looks. Safe for use by any thread.
 */
final class RegionRuns {

  /** Returned instead of a page number when there is none. */
  static final long NONE = RunSearch.NONE;

  private static final long BEYOND = TreeRow.BEYOND;
  private static final long DONE = 1;
  private static final long REFUSED = 0;

  private final LockedTree[] trees;
  private final TreeRow row;

  /** Looks after runs in the trees of a region, in the order of their pages. */
  RegionRuns(LockedTree[] trees) {
    this.trees = trees;
    row = new TreeRow(trees);
  }

  /**
   * Allocates these pages of the region, which the index named; returns whether they were free and
   * online. If not, the index learns what their trees have. O(orders) for each tree.
   */
  boolean allocateNamed(long from, long to) {
    int first = row.upTo(from);
    int last = row.upTo(to - 1);
    return exclusively(first, last, () -> claimNamed(first, last, from, to)) == DONE;
  }

  private long claimNamed(int first, int last, long from, long to) {
    long claimed = claimAt(first, last, from, to);
    if (claimed == REFUSED) {
      row.tellIndex(first, last);
    }
    return claimed;
  }

  /** Allocates these pages of the region; returns whether they were free and online. O(orders). */
  boolean allocateAt(long from, long to) {
    int first = row.upTo(from);
    int last = row.upTo(to - 1);
    if (first != last) {
      return exclusively(first, last, () -> claimAt(first, last, from, to)) == DONE;
    }
    long stamp = trees[first].lockUnkept();
    try {
      return claimAt(first, first, from, to) == DONE;
    } finally {
      trees[first].unlockUnkept(stamp);
    }
  }

  private long claimAt(int first, int last, long from, long to) {
    if (!row.claimSettled(first, last, from, to)) {
      return REFUSED;
    }
    row.finish(first, from, to);
    return DONE;
  }

  /**
   * Frees the run, or block, at the page if it lies in one tree, which is online; returns whether
   * it did. O(orders).
   */
  boolean freeOnline(long page) {
    int tree = row.upTo(page);
    long stamp = trees[tree].lockUnkept();
    try {
      return trees[tree].isOnline() && free(tree, page, row.end(tree, tree, page)) == DONE;
    } finally {
      trees[tree].unlockUnkept(stamp);
    }
  }

  /** Frees the run, or block, at the page; returns whether there was one. O(orders). */
  boolean free(long page) {
    int tree = row.upTo(page);
    return withRun(tree, tree, page, end -> free(tree, page, end)) == DONE;
  }

  private long free(int tree, long page, long end) {
    if (end < 0 || !row.open(tree, page)) {
      return REFUSED;
    }
    row.free(tree, page, end);
    return DONE;
  }

  /** Returns how many pages the run, or block, at the page has, or {@link #NONE}. O(orders). */
  long pageCount(long page) {
    int tree = row.upTo(page);
    long end;
    long stamp = trees[tree].lockUnkept();
    try {
      end = row.end(tree, tree, page);
    } finally {
      trees[tree].unlockUnkept(stamp);
    }
    end = end == BEYOND ? withRun(tree, tree + 1, page, of -> of) : end;
    return end == NONE ? NONE : end - page;
  }

  /**
   * Lets the run, or block, at the page end at another page of the region; returns whether it does
   * now, or {@link #NONE} if there is none. Where blocks are not allocated, none grows. O(orders).
   */
  long resize(long page, long newEnd) {
    int tree = row.upTo(page);
    int last = row.upTo(newEnd - 1);
    long resized = tree == last ? resizeIn(tree, page, newEnd) : BEYOND;
    return resized == BEYOND
        ? withRun(tree, last, page, end -> resize(tree, page, end, newEnd))
        : resized;
  }

  private long resizeIn(int tree, long page, long newEnd) {
    long stamp = trees[tree].lockUnkept();
    try {
      long end = row.end(tree, tree, page);
      return end == BEYOND ? BEYOND : resize(tree, page, end, newEnd);
    } finally {
      trees[tree].unlockUnkept(stamp);
    }
  }

  /** Returns the first page of the run or block that holds the page, or {@link #NONE}. */
  long pageAround(long page) {
    int tree = row.upTo(page);
    long start = exclusively(tree, tree, () -> row.pageAround(tree, page));
    for (int near = tree - 1; start == BEYOND && near >= 0; near--) {
      int of = near;
      start = exclusively(of, of, () -> row.pageAround(of, trees[of].endPage() - 1));
    }
    return start == NONE ? exclusively(tree, tree, () -> trees[tree].blockAround(page)) : start;
  }

  /**
   * Checks what the trees cannot check by themselves.
   *
   * @throws AssertionError naming the first tree where something does not agree
   */
  void validate() {
    exclusively(
        0,
        trees.length - 1,
        () -> {
          row.validate();
          return DONE;
        });
  }

  private long resize(int tree, long page, long end, long newEnd) {
    if (end == newEnd) {
      return DONE;
    }
    if (end == NONE || !row.open(tree, page)) {
      return NONE;
    }
    boolean fits = true;
    if (newEnd < end) {
      row.release(row.upTo(newEnd), newEnd, end);
    } else if (newEnd > end) {
      int first = row.upTo(end);
      fits = row.claimSettled(first, row.upTo(newEnd - 1), end, newEnd);
      if (fits) {
        row.join(tree, page, newEnd);
      }
    }
    row.finish(tree, page, fits ? newEnd : end);
    return fits ? DONE : REFUSED;
  }

  /**
   * Does something with the page behind the run at the page, or {@link #NONE}, while the locks of
   * its trees are held, and those of the trees up to {@code atLeast}.
   */
  private long withRun(int tree, int atLeast, long page, LongUnaryOperator action) {
    long result = BEYOND;
    for (int last = Math.max(tree, atLeast); result == BEYOND; last++) {
      int locked = last;
      result =
          exclusively(
              tree,
              locked,
              () -> {
                long end = row.end(tree, locked, page);
                return end == BEYOND ? BEYOND : action.applyAsLong(end);
              });
    }
    return result;
  }

  private long exclusively(int first, int last, LongSupplier action) {
    LockedTree[] locked = Arrays.copyOfRange(trees, first, last + 1);
    return LockedTree.locked(locked, action::getAsLong);
  }
}
