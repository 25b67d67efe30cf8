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
    List<Region> regions = new ArrayList<>();
    try {
      BuddyAllocator.Builder builder = BuddyAllocator.builder().pageSizeBytes(pageSizeBytes);
      for (long sizeBytes : sizes.isEmpty() ? List.of(defaultSize(pageSizeBytes)) : sizes) {
        Region region = Regions.anonymous(sizeBytes);
        regions.add(region);
        builder.region(region);
      }
      return builder.build();
    } catch (IllegalArgumentException | ArithmeticException | OutOfMemoryError e) {
      regions.forEach(Region::close);
      throw new UsageException("the memory can't be had: %s.".formatted(e.getMessage()));
    }
  }

  private static long defaultSize(long pageSizeBytes) {
    return Math.multiplyExact(DEFAULT_PAGES, pageSizeBytes);
  }
}
