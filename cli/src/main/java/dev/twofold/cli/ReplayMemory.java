package dev.twofold.cli;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Region;
import dev.twofold.core.Regions;
import java.util.ArrayList;
import java.util.List;

/** The memory that a replay runs in: one anonymous region a size. */
final class ReplayMemory {

  /** Fits both recordings that ship with the project; costs nothing before it is touched. */
  static final long DEFAULT_PAGES = 1L << 21;

  private static final long MAX_REGION_BYTES = 1L << 46;
  private static final long REGION_ALIGNMENT = 1L << 30;

  private ReplayMemory() {}

  /**
   * Reserves memory and makes an allocator over it.
   *
   * @param pageSizeBytes a power of two
   * @param sizes one for each region, in bytes; the default if there are none
   * @return an allocator, which owns the memory
   * @throws UsageException if the system refuses, or the sizes make no sense
   */
  static BuddyAllocator open(long pageSizeBytes, List<Long> sizes) throws UsageException {
    List<Long> sizesBytes = sizes.isEmpty() ? List.of(defaultSize(pageSizeBytes)) : sizes;
    for (long sizeBytes : sizesBytes) {
      requireWholePage(sizeBytes, pageSizeBytes);
    }
    List<Region> regions = new ArrayList<>();
    try {
      BuddyAllocator.Builder builder = BuddyAllocator.builder().pageSizeBytes(pageSizeBytes);
      for (long sizeBytes : sizesBytes) {
        Region region = Regions.anonymous(sizeBytes);
        regions.add(region);
        builder.region(region);
      }
      return builder.build();
    } catch (IllegalArgumentException | OutOfMemoryError e) {
      regions.forEach(Region::close);
      throw new UsageException("the memory can't be had: %s.".formatted(e.getMessage()));
    }
  }

  private static long defaultSize(long pageSizeBytes) throws UsageException {
    if (pageSizeBytes > MAX_REGION_BYTES / DEFAULT_PAGES) {
      throw new UsageException(
          "%,d pages of that --page-size are more than a region can hold, 64 TiB: give --memory."
              .formatted(DEFAULT_PAGES));
    }
    return DEFAULT_PAGES * pageSizeBytes;
  }

  /** A region starts at a multiple of its size, or of 1 GiB: larger pages may not fit exactly. */
  private static void requireWholePage(long sizeBytes, long pageSizeBytes) throws UsageException {
    long leastBytes = pageSizeBytes <= REGION_ALIGNMENT ? pageSizeBytes : 2 * pageSizeBytes;
    if (sizeBytes < leastBytes) {
      throw new UsageException(
          "--memory %d is less than a page of %d bytes takes: give at least %d bytes, or a smaller --page-size."
              .formatted(sizeBytes, pageSizeBytes, leastBytes));
    }
  }
}
