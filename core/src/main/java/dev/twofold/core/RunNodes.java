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
 *
 * <p>How many pages side by side start at a multiple of a power of two is not known until a search
 * for such was in vain: then that limits the tree until more is free in it.
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

  /**
   * By order of alignment, and by node; null for an order that no search was in vain for, which is
   * as the next lower one then.
   */
  private final int[][] within = new int[Orders.COUNT][];

  private final long[] across;

  /** Has room for so many trees, which are to be placed one after another. */
  RunNodes(int treeCount) {
    leaves = Orders.pages(Orders.holding(Math.max(1, treeCount)));
    firstPages = new long[2 * leaves];
    endPages = new long[2 * leaves];
    pages = new long[2 * leaves];
    starts = new long[2 * leaves];
    ends = new long[2 * leaves];
    within[0] = new int[2 * leaves];
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
    for (int parent = node / 2; parent >= ROOT; parent /= 2) {
      combine(parent);
    }
    set(0, node, longest);
    limit(leaf, 1, longest);
  }

  /** Says that all pages of a tree are free. */
  void setAllFree(int leaf) {
    int count = (int) (endPages[leaves + leaf] - firstPages[leaves + leaf]);
    set(leaf, count, count, count);
    for (int order = 1; order < within.length; order++) {
      set(order, leaves + leaf, count);
    }
  }

  /**
   * Says that a tree has at most so many pages side by side that start at a multiple of 2^{@code
   * alignmentOrder}.
   */
  void limit(int leaf, int alignmentOrder, int longest) {
    int node = leaves + leaf;
    for (int order = alignmentOrder; order < within.length; order++) {
      int[] known = within[order];
      if (known != null && known[node] > longest) {
        set(order, node, longest);
      }
    }
  }

  /** Lets alignments of an order be known by themselves. */
  void know(int alignmentOrder) {
    if (within[alignmentOrder] == null) {
      within[alignmentOrder] = within(alignmentOrder).clone();
    }
  }

  /** Says of a tree what another object says. */
  void copy(int leaf, RunNodes from, int fromLeaf) {
    int node = from.leaves + fromLeaf;
    set(leaf, (int) from.starts[node], (int) from.ends[node], 0);
    for (int order = 0; order < within.length; order++) {
      int[] known = from.within[order];
      if (known != null) {
        know(order);
        set(order, leaves + leaf, known[node]);
      }
    }
  }

  private void set(int alignmentOrder, int leafNode, int longest) {
    int[] known = within[alignmentOrder];
    if (known == null) {
      return;
    }
    known[leafNode] = longest;
    for (int node = leafNode / 2; node >= ROOT; node /= 2) {
      known[node] = Math.max(known[2 * node], known[2 * node + 1]);
    }
  }

  private int[] within(int alignmentOrder) {
    int order = alignmentOrder;
    while (order > 0 && within[order] == null) {
      order--;
    }
    return within[order];
  }

  private void combine(int node) {
    int left = 2 * node;
    int right = left + 1;
    starts[node] = starts[left] == pages[left] ? pages[left] + starts[right] : starts[left];
    ends[node] = ends[right] == pages[right] ? pages[right] + ends[left] : ends[right];
    long middle = ends[left] == 0 || starts[right] == 0 ? 0 : ends[left] + starts[right];
    across[node] = Math.max(middle, Math.max(across[left], across[right]));
  }

  /**
   * Returns the first tree that seems to serve a request by itself, and has as many pages in the
   * window, or {@link #NONE}; the last one if it is from the top.
   *
   * @param low the first page of the window, not that of the request
   * @param high the page behind its last
   */
  int next(RunRequest request, long low, long high) {
    boolean down = request.topDown();
    int[] known = within(request.alignmentOrder());
    int from = upTo(low);
    int to = upTo(high - 1);
    int leaf = next(known, request, ROOT, from, to);
    while (leaf != NONE && pagesIn(leaf, low, high) < request.pageCount()) {
      from = down ? from : leaf + 1;
      to = down ? leaf - 1 : to;
      leaf = next(known, request, ROOT, from, to);
    }
    return leaf;
  }

  /** Descends to the first leaf from {@code from} to {@code to}, or to the last. */
  private int next(int[] known, RunRequest request, int node, int from, int to) {
    int depth = Orders.largestOf(leaves) - Orders.largestOf(node);
    int first = (node << depth) - leaves;
    int last = first + Orders.pages(depth) - 1;
    if (last < from || first > to || !isAtLeast(known[node], request.pageCount())) {
      return NONE;
    }
    if (node >= leaves) {
      return first;
    }
    int near = 2 * node + (request.topDown() ? 1 : 0);
    int leaf = next(known, request, near, from, to);
    return leaf == NONE ? next(known, request, near ^ 1, from, to) : leaf;
  }

  /** Returns whether a node that seems to have so many pages side by side may serve. */
  boolean isAtLeast(long longest, long pageCount) {
    return longest >= pageCount;
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
        && isAtLeast(across[node], search.pageCount())) {
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
    boolean enough = starts[node] >= start && within(0)[node] >= longest;
    Invariant.hold(
        enough && (last || ends[node] >= end), "a tree is said to have less; leaf", leaf);
  }
}
