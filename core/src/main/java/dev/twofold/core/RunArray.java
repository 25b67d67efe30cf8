package dev.twofold.core;

import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * The runs of all trees: where one goes, and what becomes of those that lie in several trees. A run
 * may be longer than a tree, as long as its trees stand side by side in one region.
 *
 * <p>Whatever is done to a run is done while the locks of its trees are held, which are taken in
 * the order of the array. So of frees that race one wins, and who fails half-way can put back what
 * he took before anybody looks. Safe for use by any thread.
 */
final class RunArray {

  /** Returned instead of a page number when there is none. */
  static final long NONE = RunSearch.NONE;

  private static final long BEYOND = TreeRow.BEYOND;
  private static final long DONE = 1;
  private static final long REFUSED = 0;

  private final TreeArray trees;
  private final TreeRow row;

  /**
   * The tree that served last, where the next search begins. Benign race: any tree is a place to
   * begin at.
   */
  private int lastTree;

  RunArray(TreeArray trees, AddressMap map, int pageShift) {
    this.trees = trees;
    row = new TreeRow(trees, map, pageShift);
  }

  /**
   * Allocates pages side by side; returns the first, or {@link #NONE} if there was a moment during
   * the call at which there were none. O(log trees) to find a tree, O(log units) in it; a tree that
   * could not serve is looked at as well. A refusal looks at all trees under all locks.
   */
  long allocate(RunRequest request) {
    int first = row.upTo(request.low());
    int last = row.upTo(request.high() - 1);
    boolean down = request.topDown();
    boolean anywhere =
        request.low() <= trees.at(first).firstPage() && request.high() >= trees.at(last).endPage();
    int hint = anywhere && !down ? lastTree : first;
    int from = Math.clamp(hint, first, last);
    long page = down ? search(request, last, first) : search(request, from, last);
    if (page == NONE && from > first) {
      page = search(request, first, from - 1);
    }
    return page == NONE
        ? exclusively(first, last, () -> allocateIn(first, last, request, true))
        : page;
  }

  /** Allocates these pages, all of one region; returns whether they were free. O(orders). */
  boolean allocateAt(long from, long to) {
    int first = row.upTo(from);
    int last = row.upTo(to - 1);
    return exclusively(
            first,
            last,
            () -> {
              boolean claimed = row.claimSettled(first, last, from, to);
              if (claimed) {
                row.finish(first, from, to);
              }
              return claimed ? DONE : REFUSED;
            })
        == DONE;
  }

  /** Frees the run, or block, at the page; returns whether there was one. O(orders). */
  boolean free(int tree, long page) {
    return withRun(
            tree,
            tree,
            page,
            end -> {
              if (end == NONE || !row.open(tree, page)) {
                return REFUSED;
              }
              row.free(tree, page, end);
              return DONE;
            })
        == DONE;
  }

  /** Returns how many pages the run, or block, at the page has, or {@link #NONE}. O(orders). */
  long pageCount(int tree, long page) {
    return withRun(tree, tree, page, end -> end == NONE ? NONE : end - page);
  }

  /**
   * Lets the run, or block, at the page end at another page of its region; returns whether it does
   * now, or {@link #NONE} if there is none. O(orders).
   */
  long resize(int tree, long page, long newEnd) {
    return withRun(tree, row.upTo(newEnd - 1), page, end -> resize(tree, page, end, newEnd));
  }

  /** Returns the first page of the run that holds the page, or {@link #NONE}. For messages. */
  long pageAround(int tree, long page) {
    long start = exclusively(tree, tree, () -> row.pageAround(tree, page));
    for (int near = tree - 1; start == BEYOND && near >= 0; near--) {
      int of = near;
      start = exclusively(of, of, () -> row.pageAround(of, trees.at(of).endPage() - 1));
    }
    return start;
  }

  /**
   * Checks what the trees cannot check by themselves.
   *
   * @throws AssertionError naming the first tree where something does not agree
   */
  void validate() {
    trees.exclusively(
        0,
        trees.count() - 1,
        () -> {
          row.validate();
          return trees.count();
        });
  }

  private long search(RunRequest request, int from, int to) {
    int order = orderWithin(request.pageCount());
    boolean down = request.topDown();
    int step = down ? -1 : 1;
    boolean inOneTree = request.pageCount() <= Orders.pages(Orders.MAX_ORDER);
    int tree = inOneTree ? trees.nextWith(order, from, down) : TreeArray.NO_TREE;
    while (tree != TreeArray.NO_TREE && (down ? tree >= to : tree <= to)) {
      int only = tree;
      long page = exclusively(only, only, () -> allocateIn(only, only, request, false));
      if (page != NONE) {
        lastTree = tree;
        return page;
      }
      tree = trees.nextWith(order, tree + step, down);
    }
    return NONE;
  }

  /** Returns the largest order of which a run of so many pages has a block, wherever it lies. */
  private static int orderWithin(long pageCount) {
    return Orders.holding((pageCount + 1) / 2 + 1) - 1;
  }

  /** Searches trees whose locks are held; {@code last} whether no other search follows. */
  private long allocateIn(int first, int last, RunRequest request, boolean lastWord) {
    while (true) {
      row.settle(first, last);
      long page = find(first, last, request);
      if (page == NONE) {
        if (!lastWord || !row.isUnsettled(first, last)) {
          return NONE;
        }
      } else {
        int tree = row.upTo(page);
        if (row.claim(tree, page, page + request.pageCount())) {
          row.finish(tree, page, page + request.pageCount());
          return page;
        }
      }
    }
  }

  private long find(int first, int last, RunRequest request) {
    RunSearch search = new RunSearch(request);
    boolean down = request.topDown();
    for (int step = 0; step <= last - first && !search.isFound(); step++) {
      int tree = down ? last - step : first + step;
      boolean apart = tree + (down ? 0 : -1) < first || !row.continues(tree + (down ? 0 : -1));
      if (apart) {
        search.end();
      }
      trees.at(tree).tell(search);
    }
    return search.found();
  }

  private long resize(int tree, long page, long end, long newEnd) {
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
    return trees.exclusively(first, last, action::getAsLong);
  }
}
