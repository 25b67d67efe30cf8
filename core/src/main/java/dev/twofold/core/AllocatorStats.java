package dev.twofold.core;

import java.util.Arrays;
import java.util.List;

/**
 * The figures of an allocator at one moment. Lists have one element an order, 0 to {@link
 * BuddyAllocator#MAX_ORDER}. Immutable.
 *
 * @param pageSizeBytes size of a page in bytes
 * @param pagesTotal pages under management; of a region that is offline, those in allocated blocks
 * @param pagesFree pages in free blocks
 * @param freeBlocks free blocks of each order; a free block is counted once, as large as it is
 * @param allocatedBlocks allocated blocks of each order
 * @param allocations successful allocations so far
 * @param frees successful frees so far
 * @param splits blocks split into two so far; for a block that a thread takes back soon after it
 *     freed it none is counted
 * @param merges pairs of buddies merged into one block so far, less those that blocks were taken
 *     back from uncounted; never fewer than before, and as many as the splits once all is free
 * @param failedAllocations allocations refused so far for want of a large enough block. Unlike the
 *     other figures this one is counted outside of the allocator's state, which a refusal does not
 *     change
 * @param memory what the allocator has of the system's memory, and what it gave back
 */
public record AllocatorStats(
    long pageSizeBytes,
    long pagesTotal,
    long pagesFree,
    List<Long> freeBlocks,
    List<Long> allocatedBlocks,
    long allocations,
    long frees,
    long splits,
    long merges,
    long failedAllocations,
    MemoryStats memory) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a list does not have one element an order
   */
  public AllocatorStats {
    if (freeBlocks.size() != Orders.COUNT || allocatedBlocks.size() != Orders.COUNT) {
      throw new IllegalArgumentException(
          "lists of blocks have %d elements, one an order, not %d and %d"
              .formatted(Orders.COUNT, freeBlocks.size(), allocatedBlocks.size()));
    }
    freeBlocks = List.copyOf(freeBlocks);
    allocatedBlocks = List.copyOf(allocatedBlocks);
  }

  static AllocatorStats of(long pageSizeBytes, Tally tally, long merges, long failedAllocations) {
    long pagesFree = pages(tally.freeBlocks);
    return new AllocatorStats(
        pageSizeBytes,
        pagesFree + pages(tally.allocatedBlocks),
        pagesFree,
        boxed(tally.freeBlocks),
        boxed(tally.allocatedBlocks),
        tally.allocations,
        tally.frees(),
        tally.splits,
        merges,
        failedAllocations,
        memory(pageSizeBytes, tally));
  }

  private static MemoryStats memory(long pageSizeBytes, Tally tally) {
    long pagesAllocated = pages(tally.allocatedBlocks);
    return new MemoryStats(
        (pages(tally.freeBlocks) + pagesAllocated) * pageSizeBytes,
        tally.committed * pageSizeBytes,
        pagesAllocated * pageSizeBytes,
        tally.givenBack * pageSizeBytes,
        tally.decommits,
        tally.givenBackSoFar * pageSizeBytes);
  }

  /**
   * Returns the pages in allocated blocks.
   *
   * @return a number of pages, at least 0
   */
  public long pagesAllocated() {
    return pagesTotal - pagesFree;
  }

  /**
   * Returns the order of the largest free block.
   *
   * @return an order, or -1 if no page is free
   */
  public int largestFreeOrder() {
    int order = freeBlocks.size() - 1;
    while (order >= 0 && freeBlocks.get(order) == 0) {
      order--;
    }
    return order;
  }

  /**
   * Returns which share of the free pages is of no use to a request of {@code order}, as they lie
   * in smaller blocks: the unusable free space index of Linux (mm/vmstat.c).
   *
   * @param order an order from 0 to {@link BuddyAllocator#MAX_ORDER}
   * @return thousandths, rounded down: 0 if all free pages can serve such requests, 1000 if none
   *     can or none is free
   * @throws IllegalArgumentException if {@code order} is out of range
   */
  public int unusableFreeIndex(int order) {
    Orders.requireValid(order);
    if (pagesFree == 0) {
      return 1000;
    }
    return (int) ((pagesFree - (suitableBlocks(order) << order)) * 1000 / pagesFree);
  }

  /**
   * Returns why a request of {@code order} would fail: the external fragmentation index of Linux
   * (mm/vmstat.c).
   *
   * @param order an order from 0 to {@link BuddyAllocator#MAX_ORDER}
   * @return -1000 if the request would succeed; otherwise thousandths, towards 0 if memory is short
   *     and towards 1000 if the free memory is fragmented
   * @throws IllegalArgumentException if {@code order} is out of range
   */
  public int externalFragmentationIndex(int order) {
    Orders.requireValid(order);
    long blocks = freeBlocks.stream().mapToLong(Long::longValue).sum();
    if (blocks == 0) {
      return 0;
    }
    if (suitableBlocks(order) > 0) {
      return -1000;
    }
    return (int) (1000 - (1000 + pagesFree * 1000 / (1L << order)) / blocks);
  }

  /** Returns how many blocks of {@code order} the free memory can serve. */
  private long suitableBlocks(int order) {
    long suitable = 0;
    for (int larger = order; larger < freeBlocks.size(); larger++) {
      suitable += freeBlocks.get(larger) << (larger - order);
    }
    return suitable;
  }

  /** Returns the pages in so many blocks of each order. */
  static long pages(long[] blocks) {
    long pages = 0;
    for (int order = 0; order < blocks.length; order++) {
      pages += blocks[order] << order;
    }
    return pages;
  }

  private static List<Long> boxed(long[] blocks) {
    return Arrays.stream(blocks).boxed().toList();
  }
}
