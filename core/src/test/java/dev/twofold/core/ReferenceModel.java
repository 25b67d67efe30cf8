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

  /** Order of each live block by its first page. */
  private final NavigableMap<Long, Integer> live = new TreeMap<>();

  void addRegion(long firstPage, long pageCount) {
    freeRuns.put(firstPage, firstPage + pageCount);
    fence.add(firstPage + pageCount);
  }

  /** Notes that the allocator handed out a block; complains if it must not. */
  void allocated(long page, int order) {
    long end = page + (1L << order);
    require(page % (1L << order) == 0, "a misaligned block was handed out at page " + page);
    Map.Entry<Long, Long> run = freeRuns.floorEntry(page);
    boolean free = run != null && run.getValue() >= end;
    require(free, "pages that are not free were handed out at page " + page);
    if (run != null) {
      freeRuns.remove(run.getKey());
      putRun(run.getKey(), page);
      putRun(end, run.getValue());
    }
    live.put(page, order);
  }

  private void putRun(long start, long end) {
    if (start < end) {
      freeRuns.put(start, end);
    }
  }

  void freed(long page) {
    Integer order = live.remove(page);
    require(order != null, "a block that was not live was freed at page " + page);
    long start = page;
    long end = page + (1L << (order == null ? 0 : order));
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

  int liveOrder(long page) {
    return live.getOrDefault(page, -1);
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

  /** Returns the number of live blocks of each order. */
  List<Long> liveBlocks() {
    List<Long> counts = new ArrayList<>(Collections.nCopies(ORDERS, 0L));
    live.values().forEach(order -> counts.set(order, counts.get(order) + 1));
    return counts;
  }

  private static void require(boolean holds, String complaint) {
    if (!holds) {
      throw new AssertionError(complaint);
    }
  }
}
