package dev.twofold.core;

/**
 * Where trees seem to have free pages side by side, also such that lie in several of them: a binary
 * tree whose leaves are the trees in the order of their addresses. A plain data structure, for one
 * thread at a time.
 *
 * <p>Each node says how many pages are free at its start, at its end, side by side within one tree
 * at most, and side by side across a border between trees at most. So a search leaves out whatever
 * cannot serve, and takes O(log trees). A tree that none stands beside ends with a page that is
 * never free, so that nothing seems to go on from one region to the next.
 */
class RunNodes {

  /** Returned instead of a leaf when there is none. */
  static final int NONE = -1;

  private static final int ROOT = 1;

  private final int leaves;

  /** By node, numbered like a binary heap: its first page, and the page behind its last. */
  private final long[] firstPages;

  private final long[] endPages;

  /** Pages of the node, and those that stand for what is beside a region; 0 if it has no tree. */
  private final long[] pages;

  private final long[] starts;
  private final long[] ends;
  private final int[] within;
  private final long[] across;

  /** Has room for so many trees, which are to be placed one after another. */
  RunNodes(int treeCount) {
    leaves = Orders.pages(Orders.holding(Math.max(1, treeCount)));
    firstPages = new long[2 * leaves];
    endPages = new long[2 * leaves];
    pages = new long[2 * leaves];
    starts = new long[2 * leaves];
    ends = new long[2 * leaves];
    within = new int[2 * leaves];
    across = new long[2 * leaves];
  }

  /**
   * Says where a tree lies, behind those of smaller leaves; nothing seems to be free in it.
   *
   * @param last whether no tree of the same region stands beside its end
   */
  void place(int leaf, long firstPage, long endPage, boolean last) {
    int node = leaves + leaf;
    firstPages[node] = firstPage;
    endPages[node] = endPage;
    pages[node] = endPage - firstPage + (last ? 1 : 0);
    for (node /= 2; node >= ROOT; node /= 2) {
      boolean single = pages[2 * node + 1] == 0;
      firstPages[node] = firstPages[2 * node];
      endPages[node] = endPages[single ? 2 * node : 2 * node + 1];
      pages[node] = pages[2 * node] + pages[2 * node + 1];
    }
  }

  /** Says how many pages are free in a tree: at its start, at its end, side by side at most. */
  void set(int leaf, int start, int end, int longest) {
    int node = leaves + leaf;
    boolean last = pages[node] != endPages[node] - firstPages[node];
    starts[node] = start;
    ends[node] = last ? 0 : end;
    within[node] = longest;
    for (node /= 2; node >= ROOT; node /= 2) {
      combine(node);
    }
  }

  /** Says that all pages of a tree are free. */
  void setAllFree(int leaf) {
    int count = (int) (endPages[leaves + leaf] - firstPages[leaves + leaf]);
    set(leaf, count, count, count);
  }

  /** Says of a tree what another object says. */
  void copy(int leaf, RunNodes from, int fromLeaf) {
    int node = from.leaves + fromLeaf;
    set(leaf, (int) from.starts[node], (int) from.ends[node], from.within[node]);
  }

  private void combine(int node) {
    int left = 2 * node;
    int right = left + 1;
    starts[node] = starts[left] == pages[left] ? pages[left] + starts[right] : starts[left];
    ends[node] = ends[right] == pages[right] ? pages[right] + ends[left] : ends[right];
    within[node] = Math.max(within[left], within[right]);
    long middle = ends[left] == 0 || starts[right] == 0 ? 0 : ends[left] + starts[right];
    across[node] = Math.max(middle, Math.max(across[left], across[right]));
  }

  /**
   * Returns the first tree that seems to have so many pages side by side, and has as many in the
   * window, or {@link #NONE}; the last one if {@code down}.
   *
   * @param low the first page of the window
   * @param high the page behind its last
   */
  int next(long pageCount, long low, long high, boolean down) {
    int from = upTo(low);
    int to = upTo(high - 1);
    int leaf = next(ROOT, pageCount, from, to, down);
    while (leaf != NONE && pagesIn(leaf, low, high) < pageCount) {
      from = down ? from : leaf + 1;
      to = down ? leaf - 1 : to;
      leaf = next(ROOT, pageCount, from, to, down);
    }
    return leaf;
  }

  /** Descends to the first leaf from {@code from} to {@code to}, or to the last. */
  private int next(int node, long pageCount, int from, int to, boolean down) {
    int depth = Orders.largestOf(leaves) - Orders.largestOf(node);
    int first = (node << depth) - leaves;
    int last = first + Orders.pages(depth) - 1;
    if (last < from || first > to || !seemsToServe(node, pageCount)) {
      return NONE;
    }
    if (node >= leaves) {
      return first;
    }
    int leaf = next(2 * node + (down ? 1 : 0), pageCount, from, to, down);
    return leaf == NONE ? next(2 * node + (down ? 0 : 1), pageCount, from, to, down) : leaf;
  }

  /** Returns whether some tree of the node seems to have so many pages side by side. */
  boolean seemsToServe(int node, long pageCount) {
    return within[node] >= pageCount;
  }

  /** Returns whether so many pages side by side seem to be free across a border in the node. */
  boolean seemsToServeAcross(int node, long pageCount) {
    return across[node] >= pageCount;
  }

  private long pagesIn(int leaf, long low, long high) {
    int node = leaves + leaf;
    return Math.min(endPages[node], high) - Math.max(firstPages[node], low);
  }

  /** Returns the last tree that does not start behind the page, or the first. */
  private int upTo(long page) {
    int node = ROOT;
    while (node < leaves) {
      int right = 2 * node + 1;
      node = pages[right] != 0 && firstPages[right] <= page ? right : 2 * node;
    }
    return node - leaves;
  }

  /** Tells a search what seems to be free at the borders of trees until it has found a place. */
  void tell(RunSearch search) {
    tell(search, ROOT);
  }

  private void tell(RunSearch search, int node) {
    if (pages[node] == 0) {
      return;
    }
    boolean down = search.isTopDown();
    if (node < leaves
        && search.meets(firstPages[node], endPages[node])
        && seemsToServeAcross(node, search.pageCount())) {
      tell(search, 2 * node + (down ? 1 : 0));
      if (!search.isFound()) {
        tell(search, 2 * node + (down ? 0 : 1));
      }
    } else if (starts[node] == pages[node]) {
      tellFree(search, firstPages[node], endPages[node]);
    } else {
      long from = down ? endPages[node] - ends[node] : firstPages[node];
      tellFree(search, from, from + (down ? ends[node] : starts[node]));
      search.end();
      from = down ? firstPages[node] : endPages[node] - ends[node];
      tellFree(search, from, from + (down ? starts[node] : ends[node]));
    }
  }

  private static void tellFree(RunSearch search, long from, long to) {
    if (from < to) {
      search.begin(from, to);
      search.free(to - from);
    }
  }

  /**
   * Checks that a tree does not seem to have less than it has.
   *
   * @throws AssertionError if it does
   */
  void validate(int leaf, int start, int end, int longest) {
    int node = leaves + leaf;
    boolean last = pages[node] != endPages[node] - firstPages[node];
    boolean enough = starts[node] >= start && within[node] >= longest;
    Invariant.hold(
        enough && (last || ends[node] >= end), "a tree is said to have less; leaf", leaf);
  }
}
