package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Hands out blocks of a {@link BuddyAllocator} that read as zero, from their first to their last
 * byte; {@link BuddyAllocator#zeroed()} returns it. They are blocks like any other and are freed
 * where the others are.
 *
 * <p>Memory that was not handed out since it came from the system, or since it was given back to
 * it, is known to be zero, 2^9 pages by 2^9 pages. Other memory is cleared. Blocks of 2^9 pages and
 * larger are taken from memory that is known to be zero wherever that breaks up no larger block
 * than another one would; smaller ones are taken like any other, so that they fill up the places
 * that keep most others whole: to clear them costs less than to touch new memory. So are runs, as
 * where free pages lie side by side is known, but not where those do that are zero: to look for
 * them would be to look at all places. What is known to be zero in a run is not cleared. A request
 * is never refused, and blocks merge as ever, whatever is zero.
 *
 * <p>Safe for use by the threads that may use the allocator. A request costs what it costs there,
 * and clearing.
 */
public final class ZeroedAllocator implements SegmentAllocator {

  private final Requests requests;
  private final PageRuns runs;
  private final RegionSet regions;

  ZeroedAllocator(Requests requests, PageRuns runs, RegionSet regions) {
    regions.requireMemory();
    this.requests = requests;
    this.runs = runs;
    this.regions = regions;
  }

  /**
   * Allocates a block of 2^{@code order} pages that reads as zero.
   *
   * @param order the size class, 0 to {@link BuddyAllocator#MAX_ORDER}
   * @return the block's address, a multiple of its size
   * @throws OutOfPagesException if no free block is large enough
   * @throws IllegalArgumentException if {@code order} is out of range
   * @throws IllegalStateException if the allocator is closed
   */
  public long allocatePages(int order) {
    return requests.allocateZeroed(order);
  }

  /**
   * Allocates a block of 2^{@code order} pages that reads as zero, if there is one.
   *
   * @param order the size class, 0 to {@link BuddyAllocator#MAX_ORDER}
   * @return the block's address, a multiple of its size; or {@link BuddyAllocator#NO_PAGES}
   * @throws IllegalArgumentException if {@code order} is out of range
   * @throws IllegalStateException if the allocator is closed
   */
  public long tryAllocatePages(int order) {
    return requests.tryAllocateZeroed(order);
  }

  /**
   * Allocates exactly the pages that hold {@code byteSize}, aligned to {@code byteAlignment}: a
   * block, or a run ({@link BuddyAllocator#runs()}). They read as zero, to their end. {@link
   * BuddyAllocator#free} gives all of it back.
   *
   * @param byteSize size of the segment in bytes, at least 0, which takes a page as 1 does
   * @param byteAlignment a power of two, up to the size of a block of {@link
   *     BuddyAllocator#MAX_ORDER}
   * @return a segment of exactly {@code byteSize} at the start of pages of its own; any thread may
   *     access it until the allocator is closed
   * @throws OutOfPagesException if there are no such pages
   * @throws IllegalArgumentException if an argument is out of range
   * @throws IllegalStateException if the allocator is closed
   */
  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    return regions.memory(runs.allocateZeroed(byteSize, byteAlignment), byteSize);
  }
}
