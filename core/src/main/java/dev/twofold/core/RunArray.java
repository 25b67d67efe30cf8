package dev.twofold.core;

import java.util.List;

/** The regions that a run can be allocated from. Safe for use by any thread. */
final class RunArray {

  /** Returned instead of a page number when there is none. */
  static final long NONE = RegionRuns.NONE;

  private final TreeArray trees;
  private final Engine engine;

  RunArray(TreeArray trees, Engine engine) {
    this.trees = trees;
    this.engine = engine;
  }

  /**
   * Allocates pages side by side anywhere; returns the first, or {@link #NONE} if there was a
   * moment during the call at which there were none online. A refusal looks at all trees under all
   * locks; so does a request that only several trees together can serve.
   */
  long allocate(long pageCount, long alignmentPages) {
    List<RegionTrees> regions = engine.map().regions();
    for (int region = 0; region < regions.size(); region++) {
      long page = regions.get(region).runs().allocate(pageCount, alignmentPages);
      if (page != NONE) {
        return page;
      }
    }
    return allocateUnderAllLocks(RunRequest.anywhere(pageCount, alignmentPages));
  }

  /** Allocates pages side by side where they are asked for, likewise. */
  long allocate(RunRequest request) {
    List<RegionTrees> regions = engine.map().regions();
    for (int region = 0; region < regions.size(); region++) {
      int number = request.topDown() ? regions.size() - 1 - region : region;
      long page = regions.get(number).runs().allocate(request);
      if (page != NONE) {
        return page;
      }
    }
    return allocateUnderAllLocks(request);
  }

  private long allocateUnderAllLocks(RunRequest request) {
    return trees.exclusively(now -> allocateUnderLocks(request));
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

  /**
   * The last word. A region goes online under the locks of its trees, and stands in the map before:
   * so these are all that can serve. What is freed meanwhile without a lock waits to be settled. If
   * nothing does, then no page was free when the last region had been looked at that was not when
   * its own had, but for frees that had not returned.
   */
  private long allocateUnderLocks(RunRequest request) {
    List<RegionTrees> all = engine.map().regions();
    List<RegionTrees> regions = request.topDown() ? all.reversed() : all;
    boolean again = true;
    while (again) {
      for (RegionTrees region : regions) {
        long page = region.runs().allocateUnderLock(request);
        if (page != NONE) {
          return page;
        }
      }
      again = regions.stream().anyMatch(region -> region.runs().isUnsettledFor(request));
    }
    return NONE;
  }
}
