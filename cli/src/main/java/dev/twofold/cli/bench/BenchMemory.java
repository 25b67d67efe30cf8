package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Region;
import dev.twofold.core.Regions;

/**
 * What a workload allocates from; the one place where its allocator is made.
 *
 * @param sizeBytes how much, at least 1
 * @param real whether there is memory behind the addresses
 * @param confined whether an allocator belongs to the thread that opens it
 */
public record BenchMemory(long sizeBytes, boolean real, boolean confined) {

  /** Pages are of 4 KiB, as in the workloads' definitions. */
  static final int PAGE_SHIFT = 12;

  /** Makes an allocator, all of whose pages are free; it owns the memory. */
  BuddyAllocator open() throws BenchException {
    try {
      Region region = real ? Regions.anonymous(sizeBytes) : Regions.addressRange(0, sizeBytes);
      return open(region);
    } catch (IllegalArgumentException | OutOfMemoryError e) {
      throw BenchException.refusal("the memory can't be had: %s.".formatted(e.getMessage()));
    }
  }

  /** How many blocks of {@code order} fit. */
  long blocks(int order) {
    return sizeBytes >>> PAGE_SHIFT >>> order;
  }

  private BuddyAllocator open(Region region) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().pageSizeBytes(1L << PAGE_SHIFT);
    if (confined) {
      builder.confined();
    }
    try {
      return builder.region(region).build();
    } catch (IllegalArgumentException | OutOfMemoryError e) {
      region.close();
      throw e;
    }
  }
}
