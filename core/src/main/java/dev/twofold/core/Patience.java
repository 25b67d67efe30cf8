package dev.twofold.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many pages may wait, freed, in a unit that is drawn on no more, before it is worth looking at
 * again: policy. To look costs time, to wait costs whole units: pages that wait are of no use to
 * large requests. So all that waits may be a fixed share of what is free, whatever the free memory
 * looks like. Figures are as of the last look at each tree.
 */
final class Patience {

  /** All that waits may be a 64th of the free pages. */
  private static final int SHARE = 64;

  private static final int MAX_PAGES = 64;

  /** A unit with few more free pages than may wait in it is dense, one with many is not. */
  private static final int DENSE_FACTOR = 8;

  private static final int MAX_DENSE_PAGES = Tiers.UNIT_PAGES / 4;

  private final AtomicLong freePages = new AtomicLong();
  private final AtomicLong brokenUnits = new AtomicLong();

  /** Learns that there are more free pages and more units broken up than before, or fewer. */
  void add(long morePages, long moreUnits) {
    if (morePages != 0) {
      freePages.addAndGet(morePages);
    }
    if (moreUnits != 0) {
      brokenUnits.addAndGet(moreUnits);
    }
  }

  /** Returns how many pages may wait in a unit: a power of two. */
  int pages() {
    long pages = freePages.get() / (SHARE * Math.max(1, brokenUnits.get()));
    return (int) Long.highestOneBit(Math.max(1, Math.min(MAX_PAGES, pages)));
  }

  /**
   * Returns how many pages a dense unit may have free. What is freed to a dense unit can be handed
   * out again at once: that keeps it dense. The others had better drain.
   */
  int densePages() {
    return Math.min(MAX_DENSE_PAGES, DENSE_FACTOR * pages());
  }
}
