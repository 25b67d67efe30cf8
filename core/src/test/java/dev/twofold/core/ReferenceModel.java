package dev.twofold.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What an allocator must answer, told in the simplest terms: sets of free page runs and of live
 * blocks, no bits, lists or trees. It does not say where a block must lie; it follows the
 * allocator's choice and says whether that was allowed.
 *
 * <p>As buddies merge as far as they go, the free blocks are determined by the free pages: every
 * run falls into its largest aligned blocks.
 */
final class ReferenceModel {

  private static final int ORDERS = 19;
  private static final long MAX_BLOCK_PAGES = 1L << 18;

  /** Start and end of each free run. Runs of different regions do not touch, by {@link #fence}. */
  private final NavigableMap<Long, Long> freeRuns = new TreeMap<>();

  /** Ends of regions, across which nothing grows together. */
  private final List<Long> fence = new ArrayList<>();

  /** Pages of each live block or run by its first page. */
  private final NavigableMap<Long, Long> live = new TreeMap<>();

  void addRegion(long firstPage, long pageCount) {
    freeRuns.put(firstPage, firstPage + pageCount);
    fence.add(firstPage + pageCount);
  }

  /** Notes that the allocator handed out a block; complains if it must not. */
  void allocated(long page, int order) {
    require(page % (1L << order) == 0, "a misaligned block was handed out at page " + page);
    allocatedRun(page, 1L << order);
  }

  /** Notes that the allocator handed out pages side by side; complains if it must not. */
  void allocatedRun(long page, long pageCount) {
    take(page, page + pageCount);
    live.put(page, pageCount);
  }

  /** Notes that a live block or run has another number of pages now; complains if it must not. */
  void resized(long page, long pageCount) {
    long end = page + livePageCount(page);
    if (page + pageCount > end) {
      take(end, page + pageCount);
    } else if (page + pageCount < end) {
      giveBack(page + pageCount, end);
    }
    live.put(page, pageCount);
  }

  private void take(long page, long end) {
    Map.Entry<Long, Long> run = freeRuns.floorEntry(page);
    boolean free = run != null && run.getValue() >= end;
    require(free, "pages that are not free were handed out at page " + page);
    if (run != null) {
      freeRuns.remove(run.getKey());
      putRun(run.getKey(), page);
      putRun(end, run.getValue());
    }
  }

  private void putRun(long start, long end) {
    if (start < end) {
      freeRuns.put(start, end);
    }
  }

  void freed(long page) {
    Long pageCount = live.remove(page);
    require(pageCount != null, "a block that was not live was freed at page " + page);
    giveBack(page, page + (pageCount == null ? 0 : pageCount));
  }

  private void giveBack(long page, long end) {
    long start = page;
    Map.Entry<Long, Long> before = freeRuns.lowerEntry(page);
    if (before != null && before.getValue() == page && !fence.contains(page)) {
      start = before.getKey();
    }
    Long after = fence.contains(end) ? null : freeRuns.remove(end);
    freeRuns.put(start, after == null ? end : after);
  }

  boolean isLive(long page) {
    return live.containsKey(page);
  }

  List<Long> livePages() {
    return new ArrayList<>(live.keySet());
  }

  long livePageCount(long page) {
    return live.getOrDefault(page, -1L);
  }

  /** Returns whether a live block or run can have so many pages where it is. */
  boolean fits(long page, long pageCount) {
    long end = page + livePageCount(page);
    long more = page + pageCount - end;
    return more <= 0 || (!fence.contains(end) && isFree(end, more));
  }

  /** Returns whether all of these pages are free, and of one region. */
  boolean isFree(long page, long pageCount) {
    Map.Entry<Long, Long> run = freeRuns.floorEntry(page);
    return run != null && page + pageCount <= run.getValue();
  }

  /**
   * Returns where the lowest free pages are that can serve, or the highest; or -1. Those that cross
   * no multiple of the largest block come first.
   */
  long place(RunRequest request) {
    long best = -1;
    for (Map.Entry<Long, Long> run : freeRuns.entrySet()) {
      for (long start = run.getKey(); start < run.getValue(); ) {
        long end = Math.min(run.getValue(), (start / MAX_BLOCK_PAGES + 1) * MAX_BLOCK_PAGES);
        best = better(best, start, end, request);
        start = end;
      }
    }
    if (best < 0) {
      for (Map.Entry<Long, Long> run : freeRuns.entrySet()) {
        best = better(best, run.getKey(), run.getValue(), request);
      }
    }
    return best;
  }

  private static long better(long best, long start, long end, RunRequest request) {
    long low = Math.max(start, request.low());
    long high = Math.min(end, request.high());
    long alignment = request.alignmentPages();
    long lowest = (low + alignment - 1) / alignment * alignment;
    long highest = (high - request.pageCount()) / alignment * alignment;
    boolean better = lowest + request.pageCount() <= high && (best < 0 || request.topDown());
    return better ? (request.topDown() ? highest : lowest) : best;
  }

  boolean serves(int order) {
    List<Long> blocks = freeBlocks();
    return blocks.subList(order, ORDERS).stream().anyMatch(count -> count > 0);
  }

  /** Returns the number of free blocks of each order. */
  List<Long> freeBlocks() {
    List<Long> counts = new ArrayList<>(Collections.nCopies(ORDERS, 0L));
    freeRuns.forEach((start, end) -> count(start, end, counts));
    return counts;
  }

  private static void count(long start, long end, List<Long> counts) {
    for (long page = start; page < end; ) {
      long size = 1;
      int order = 0;
      while (size < MAX_BLOCK_PAGES && page % (2 * size) == 0 && page + 2 * size <= end) {
        size *= 2;
        order++;
      }
      counts.set(order, counts.get(order) + 1);
      page += size;
    }
  }

  /** Returns the number of live blocks of each order, those that runs are made of as well. */
  List<Long> liveBlocks() {
    List<Long> counts = new ArrayList<>(Collections.nCopies(ORDERS, 0L));
    live.forEach((page, pageCount) -> count(page, page + pageCount, counts));
    return counts;
  }

  private static void require(boolean holds, String complaint) {
    if (!holds) {
      throw new AssertionError(complaint);
    }
  }
}
