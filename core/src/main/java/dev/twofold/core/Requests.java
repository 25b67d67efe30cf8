package dev.twofold.core;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Requests for blocks, by order and by size: what the public doors have in common. */
final class Requests {

  /** Returned instead of an address when no block is large enough. */
  static final long NONE = -1;

  /** Returned instead of an order when no block is exactly as large as a segment. */
  static final int NO_BLOCK = -1;

  private final Engine engine;
  private final RegionSet regions;
  private final long pageSizeBytes;
  private final int pageShift;

  /** The bits that are 0 in the address of a page. */
  private final long notInPageAddress;

  private final LongAdder failedAllocations = new LongAdder();

  /** The most merges that the figures told: whoever adds up differences must not see fewer. */
  private final LongAccumulator mostMerges = new LongAccumulator(Math::max, 0);

  Requests(Engine engine, RegionSet regions, int pageShift) {
    this.engine = engine;
    this.regions = regions;
    this.pageShift = pageShift;
    pageSizeBytes = 1L << pageShift;
    notInPageAddress = Long.MIN_VALUE | (pageSizeBytes - 1);
  }

  /** Returns whether the number is one that a page can have as its address. */
  boolean isPageAddress(long address) {
    return (address & notInPageAddress) == 0;
  }

  /** Returns the smallest order whose blocks hold a size, or throws. */
  int orderOf(long sizeBytes) {
    if (sizeBytes < 0 || sizeBytes > pageSizeBytes << Orders.MAX_ORDER) {
      throw new IllegalArgumentException(
          "size must be 0 to %d bytes (one block of order %d), not %d"
              .formatted(pageSizeBytes << Orders.MAX_ORDER, Orders.MAX_ORDER, sizeBytes));
    }
    return Orders.holding(Math.max(1, ((sizeBytes - 1) >> pageShift) + 1));
  }

  /** Returns the order of blocks that are exactly as many pages as a segment takes, or none. */
  int blockOrder(long sizeBytes, long alignmentBytes) {
    if (Long.bitCount(alignmentBytes) != 1 || alignmentBytes < 1) {
      throw new IllegalArgumentException(
          "alignment must be a power of two, not %d".formatted(alignmentBytes));
    }
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size must be at least 0 bytes, not " + sizeBytes);
    }
    long pageCount = pageCount(sizeBytes);
    return Long.bitCount(pageCount) == 1
            && pageCount <= Orders.pages(Orders.MAX_ORDER)
            && alignmentBytes <= pageCount << pageShift
        ? Orders.holding(pageCount)
        : NO_BLOCK;
  }

  /** Returns how many pages hold a size. */
  long pageCount(long sizeBytes) {
    return (Math.max(0, sizeBytes - 1) >> pageShift) + 1;
  }

  /** Returns an alignment in pages, or throws if no block is aligned like that. */
  long alignmentPages(long alignmentBytes) {
    if (alignmentBytes > pageSizeBytes << Orders.MAX_ORDER) {
      throw new IllegalArgumentException(
          "alignment must be up to %d bytes (one block of order %d), not %d"
              .formatted(pageSizeBytes << Orders.MAX_ORDER, Orders.MAX_ORDER, alignmentBytes));
    }
    return Math.max(1, alignmentBytes >>> pageShift);
  }

  /** Allocates a block that reads as zero and returns its address, or {@link #NONE}. */
  long tryAllocateZeroed(int order) {
    long page = engine.allocateZero(Orders.requireValid(order));
    if (page == Engine.NO_PAGE) {
      return countRefusal();
    }
    regions.clear(page << pageShift, Orders.pages(order));
    return page << pageShift;
  }

  /** Allocates a block that reads as zero and returns its address, or throws. */
  long allocateZeroed(int order) {
    long address = tryAllocateZeroed(order);
    return address == NONE ? throwOutOfPages(order) : address;
  }

  /** Returns all figures. */
  AllocatorStats stats() {
    Tally tally = engine.tally();
    mostMerges.accumulate(tally.merges());
    long merges = Math.min(mostMerges.get(), tally.splits); // Others may have seen later ones.
    return AllocatorStats.of(pageSizeBytes, tally, merges, failedAllocations.sum());
  }

  /** Counts a request that was refused; returns {@link #NONE}. */
  long countRefusal() {
    failedAllocations.increment();
    return NONE;
  }

  /** Counts a request for a block that was refused, and throws. */
  long refuse(int order) {
    failedAllocations.increment();
    return throwOutOfPages(order);
  }

  private long throwOutOfPages(int order) {
    throw new OutOfPagesException(order, stats());
  }
}
