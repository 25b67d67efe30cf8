package dev.twofold.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much free memory may stand by for the sake of speed: policy.
 *
 * <p>Pages that were freed wait in their unit until it is worth looking at again. To look costs
 * time, to wait costs whole units: pages that wait are of no use to large requests. So all that
 * waits may be a fixed share of what is free, whatever the free memory looks like. For the same
 * reason, the units that threads draw on may be a fixed share of it, however many threads there
 * are. What threads remember that they freed is bounded by itself, for each thread, and more
 * narrowly where few pages may wait. Figures are as of the last look at each tree.
 */
final class Patience {

  /** All that waits may be a 64th of the free pages. */
  private static final int SHARE = 64;

  private static final int MAX_PAGES = 64;

  /** The units that threads draw on may hold as much as a 16th of the free pages. */
  private static final int DRAWN_SHARE = 16;

  /**
   * The groups of units that homes have to themselves, one each, may hold as much as a quarter of
   * the free pages, and so may the trees.
   */
  private static final int APART_SHARE = 4;

  /** A unit with few more free pages than may wait in it is dense, one with many is not. */
  private static final int DENSE_FACTOR = 4;

  private static final int MAX_DENSE_PAGES = Tiers.UNIT_PAGES / 4;

  /**
   * If so many pages may wait in each unit, those that threads draw on are dense, however empty.
   */
  private static final int DRAWN_DENSE_PAGES = MAX_PAGES / 4;

  private final AtomicLong freePages = new AtomicLong();
  private final AtomicLong brokenUnits = new AtomicLong();

  /** Pages of trees that were never allocated from, which say nothing of how full others are. */
  private final AtomicLong newPages = new AtomicLong();

  private final AtomicLong drawnUnits = new AtomicLong();

  /** Learns that there are more free pages and more units broken up than before, or fewer. */
  void add(long morePages, long moreUnits) {
    if (morePages != 0) {
      freePages.addAndGet(morePages);
    }
    if (moreUnits != 0) {
      brokenUnits.addAndGet(moreUnits);
    }
  }

  /** Learns that there are more pages in trees that nothing was allocated from, or fewer. */
  void addNew(long morePages) {
    newPages.addAndGet(morePages);
  }

  /** Learns that threads draw on more units than before, or fewer. */
  void addDrawn(int moreUnits) {
    drawnUnits.addAndGet(moreUnits);
  }

  /** Returns whether a thread may draw on one more unit. */
  boolean allowsDrawing() {
    return (drawnUnits.get() + 1) * DRAWN_SHARE * Tiers.UNIT_PAGES <= freePages.get();
  }

  /** Returns whether homes may have groups of units to themselves: see {@link GroupHomes}. */
  boolean allowsOwnGroups() {
    return allowsApart(GroupHomes.GROUP_PAGES);
  }

  /** Returns whether homes whose own trees are full may go on to different ones. */
  boolean allowsOwnTrees() {
    return allowsApart(Orders.pages(Orders.MAX_ORDER));
  }

  private boolean allowsApart(long pagesEach) {
    return GroupHomes.COUNT * pagesEach * APART_SHARE <= freePages.get() + newPages.get();
  }

  /** Returns how many pages may wait in a unit: a power of two. */
  int pages() {
    long pages = freePages.get() / (SHARE * Math.max(1, brokenUnits.get()));
    return (int) Long.highestOneBit(Math.max(1, Math.min(MAX_PAGES, pages)));
  }

  /**
   * Returns whether units that threads draw on count as dense, however empty, as there is memory
   * enough: who draws on one fills it anyway. Else pages had better gather in few units.
   *
   * @param patiencePages what {@link #pages} said
   */
  static boolean isDrawnDense(int patiencePages) {
    return patiencePages >= DRAWN_DENSE_PAGES;
  }

  /**
   * Returns how many pages a dense unit may have free. What is freed to a dense unit can be handed
   * out again at once: that keeps it dense. The others had better drain.
   *
   * @param patiencePages what {@link #pages} said
   */
  static int densePages(int patiencePages) {
    return Math.min(MAX_DENSE_PAGES, DENSE_FACTOR * patiencePages);
  }
}
