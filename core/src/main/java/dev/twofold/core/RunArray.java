package dev.twofold.core;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The trees that a run can be allocated from. The index names those that may serve, in the order
 * that a request asks for; who comes to one for nothing tells the index what it has, and goes on.
 * Safe for use by any thread.
 */
final class RunArray {

  /** Returned instead of a page number when there is none. */
  static final long NONE = Tree.NONE;

  /** Returned instead of a page number when others are to be looked at. */
  private static final long AGAIN = NONE - 1;

  private final TreeArray trees;
  private final RunIndex index;
  private final Engine engine;

  /**
   * The tree that served a request for pages anywhere last, where the next one begins. Benign race:
   * any tree is a place to begin at.
   */
  private int lastTree;

  RunArray(TreeArray trees, Engine engine) {
    this.trees = trees;
    this.engine = engine;
    index = trees.runIndex();
  }

  /**
   * Allocates pages side by side from the tree that served last, if it can, or returns {@link
   * #NONE}: for requests that leave it to the allocator where. O(1) from the units that come first
   * there.
   */
  long allocateFromLast(long pageCount, long alignmentPages) {
    LockedTree[] all = trees.all();
    int last = lastTree;
    return last < all.length && pageCount <= Orders.pages(Orders.MAX_ORDER)
        ? all[last].allocateRun(pageCount, alignmentPages)
        : NONE;
  }

  /** Allocates pages side by side like {@link #allocate}, where others will be looked for next. */
  long allocateNext(RunRequest request) {
    long page = allocate(request);
    RegionTrees region = page == NONE ? null : engine.map().regionOf(page);
    if (region != null) {
      lastTree = region.treeOf(page).number();
    }
    return page;
  }

  /**
   * Allocates pages side by side where they are asked for: in one tree, if one has them, or else
   * across the borders of several. Returns the first, or {@link #NONE} if there was a moment during
   * the call at which there were none online. O(log trees + log units), and as much for each tree
   * that seems to serve and does not: as pages were freed to it since it was looked at last, it has
   * none that are aligned, which is known the next time, or none in the window.
   */
  long allocate(RunRequest request) {
    long page = allocateFromTree(request);
    while (page == NONE) {
      page = allocateAcross(request);
      page = page == NONE ? allocateFromNamed(request) : page;
      if (page == NONE) {
        trees.requireOpen();
        return NONE;
      }
      page = page == AGAIN ? NONE : page;
    }
    return page;
  }

  private long allocateFromTree(RunRequest request) {
    long low = request.low();
    long high = request.high();
    boolean down = request.topDown();
    int number = index.next(request, low, high);
    while (number != RunIndex.NONE) {
      LockedTree tree = trees.all()[number];
      long page = tree.allocateRun(request);
      if (page != NONE) {
        return page;
      }
      low = down ? low : Math.max(low, tree.endPage());
      high = down ? Math.min(high, tree.firstPage()) : high;
      number = low < high ? index.next(request, low, high) : RunIndex.NONE;
    }
    return NONE;
  }

  private long allocateAcross(RunRequest request) {
    long page = index.findAcross(request);
    while (page != NONE && !allocateNamed(page, page + request.pageCount())) {
      page = index.findAcross(request);
    }
    return page;
  }

  /** Regions may come and go after the index was asked. */
  private boolean allocateNamed(long from, long to) {
    RegionTrees region = engine.map().regionOf(from);
    return region != null
        && region.pages().contains(to - 1)
        && region.runs().allocateNamed(from, to);
  }

  /**
   * The last word. Trees that seem to serve, each by itself, though they could not, are looked at
   * under the locks of all of them: these have as many pages, but not aligned or not in the window,
   * or were freed to just now. If none can, the index names no others, and at last nothing waits to
   * be settled in any of them, then there was a moment at which no pages could serve: when the
   * index was asked. Returns {@link #AGAIN} if several trees together may serve.
   */
  private long allocateFromNamed(RunRequest request) {
    int[] numbers = {};
    long page;
    do {
      int[] named = numbers;
      LockedTree[] inOrder = trees(named);
      LockedTree[] locked = inOrder.clone();
      Arrays.sort(locked, Comparator.comparingInt(LockedTree::number));
      page = LockedTree.locked(locked, () -> allocateUnderLocks(inOrder, named, request));
      numbers = page == AGAIN ? index.named(request) : numbers;
    } while (page == AGAIN && index.findAcross(request) == NONE);
    return page;
  }

  private LockedTree[] trees(int[] numbers) {
    LockedTree[] all = trees.all();
    return Arrays.stream(numbers).mapToObj(number -> all[number]).toArray(LockedTree[]::new);
  }

  private long allocateUnderLocks(LockedTree[] named, int[] numbers, RunRequest request) {
    for (LockedTree tree : named) {
      long page = tree.allocateRunUnderLock(request);
      if (page != NONE) {
        return page;
      }
    }
    boolean others = index.namesOthers(request, numbers);
    return others || TreeArray.isUnsettled(named) ? AGAIN : NONE;
  }

  /**
   * Allocates pages that need not lie side by side; returns the first page of each run, or nothing.
   */
  long[] allocateScattered(long pageCount) {
    return trees.exclusively(now -> new Scatter(now).allocate(pageCount));
  }

  /**
   * Checks what the trees cannot check by themselves.
   *
   * @throws AssertionError naming the first tree where something does not agree
   */
  void validate() {
    engine.map().regions().forEach(region -> region.runs().validate());
  }
}
