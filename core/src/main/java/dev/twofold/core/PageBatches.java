package dev.twofold.core;

import java.util.Objects;

/**
 * Many blocks, or many pages, in one call. The part of a {@link BuddyAllocator} that {@link
 * BuddyAllocator#batches()} leads to.
 *
 * <p>What one call allocates, any calls may free, one by one or many at a time. Safe for use by any
 * thread, unless the allocator is confined.
 */
public final class PageBatches {

  private final int pageShift;
  private final BlockBatches blocks;
  private final RunArray runs;
  private final RegionSet regions;
  private final Requests requests;
  private final Engine engine;

  PageBatches(
      int pageShift,
      BlockBatches blocks,
      RunArray runs,
      RegionSet regions,
      Requests requests,
      Engine engine) {
    this.pageShift = pageShift;
    this.blocks = blocks;
    this.runs = runs;
    this.regions = regions;
    this.requests = requests;
    this.engine = engine;
  }

  /**
   * Allocates as many blocks of an order as there are, up to a number. Small blocks that lie
   * together cost one atomic operation for up to 32 of them; else as {@link
   * BuddyAllocator#tryAllocatePages}.
   *
   * @param order the size class, 0 to {@link BuddyAllocator#MAX_ORDER}
   * @param addresses where to store the blocks' addresses
   * @param from the index of the first
   * @param to the index behind the last
   * @return how many were allocated: less than {@code to - from} only if there was a moment during
   *     the call at which there was no further block; counts as one refusal then
   * @throws IllegalArgumentException if {@code order} is out of range
   * @throws IndexOutOfBoundsException if the indices are
   * @throws IllegalStateException if the allocator is closed
   */
  public int allocate(int order, long[] addresses, int from, int to) {
    Orders.requireValid(order);
    Objects.checkFromToIndex(from, to, addresses.length);
    int end = blocks.allocate(order, addresses, from, to);
    if (end < to) {
      requests.countRefusal();
    }
    return end - from;
  }

  /**
   * Frees blocks and runs as if one by one, in this order; those that follow each other in the
   * array and in memory cost one atomic operation for up to 32 pages. If one is refused, those
   * before it were freed, and it and those behind it were not: what was freed may belong to another
   * thread by then, so it cannot be taken back.
   *
   * @param blockAddresses the blocks' addresses
   * @param from the index of the first
   * @param to the index behind the last
   * @throws IllegalArgumentException if no allocated block or run starts at an address, naming its
   *     index
   * @throws IndexOutOfBoundsException if the indices are
   * @throws IllegalStateException if the allocator is closed
   */
  public void free(long[] blockAddresses, int from, int to) {
    Objects.checkFromToIndex(from, to, blockAddresses.length);
    int next = blocks.free(blockAddresses, from, to);
    while (next < to) {
      freeOne(blockAddresses[next], next);
      next = blocks.free(blockAddresses, next + 1, to);
    }
  }

  private void freeOne(long address, int index) {
    try {
      regions.free(address);
    } catch (IllegalArgumentException reason) {
      throw new IllegalArgumentException(
          "those before index %d were freed, but %s".formatted(index, reason.getMessage()), reason);
    }
  }

  /**
   * Allocates pages that need not lie side by side, in as few runs as possible: the longest free
   * pages side by side first. All or none. Looks at all units under the locks of all trees.
   *
   * @param pageCount how many pages, at least 1
   * @return the addresses of runs that have so many pages together ({@link PageRuns#pageCountAt}),
   *     each of which is freed by itself
   * @throws OutOfPagesException if there was a moment during the call at which not so many pages
   *     were free; nothing was changed
   * @throws IllegalArgumentException if {@code pageCount} is less than 1
   * @throws IllegalStateException if the allocator is closed
   */
  public long[] allocateScattered(long pageCount) {
    PageRequest request = PageRequest.ofPages(pageCount);
    engine.letGo();
    long[] scattered = runs.allocateScattered(pageCount);
    if (scattered.length == 0) {
      requests.countRefusal();
      throw new OutOfPagesException(
          "no " + request + " in all", request.pageCount(pageShift), requests.stats());
    }
    for (int run = 0; run < scattered.length; run++) {
      scattered[run] <<= pageShift;
      engine.countAllocation();
    }
    return scattered;
  }
}
