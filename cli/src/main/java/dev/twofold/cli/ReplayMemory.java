package dev.twofold.cli;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The memory that a replay runs in: one region a size. */
final class ReplayMemory {

  /** Fits both recordings that ship with the project; costs nothing before it is touched. */
  static final long DEFAULT_PAGES = 1L << 21;

  private static final long MAX_REGION_BYTES = 1L << 46;
  private static final long REGION_ALIGNMENT = 1L << 30;

  private ReplayMemory() {}

  /**
   * Reserves memory and makes an allocator over it.
   *
   * @param options what is asked for, which was checked
   * @return an allocator, which owns the memory
   * @throws UsageException if the system refuses, or the sizes make no sense
   */
  static BuddyAllocator open(MemoryOptions options) throws UsageException {
    long pageSizeBytes = options.pageSize();
    List<Long> sizesBytes =
        options.sizes().isEmpty() ? List.of(defaultSize(pageSizeBytes)) : options.sizes();
    for (long sizeBytes : sizesBytes) {
      requireWholePage(sizeBytes, pageSizeBytes);
    }
    List<Region> regions = new ArrayList<>();
    try {
      return open(options, sizesBytes, regions);
    } catch (IllegalArgumentException
        | UnsupportedOperationException
        | IOException
        | OutOfMemoryError e) {
      regions.forEach(Region::close);
      deleteCreated(options, regions);
      throw new UsageException("the memory can't be had: %s.".formatted(e.getMessage()));
    }
  }

  /** The file of a region that is there was created just now, and would be in the way next time. */
  private static void deleteCreated(MemoryOptions options, List<Region> regions)
      throws UsageException {
    if (options.region().file().isPresent() && !regions.isEmpty()) {
      Path file = options.region().file().get();
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UsageException("%s was created, and can't be deleted again.".formatted(file));
      }
    }
  }

  /** Adds each region to {@code regions} as soon as it is there. */
  private static BuddyAllocator open(
      MemoryOptions options, List<Long> sizesBytes, List<Region> regions) throws IOException {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().pageSizeBytes(options.pageSize());
    options.decay().ifPresent(builder::decay);
    long address = 0;
    for (long sizeBytes : sizesBytes) {
      Region region = options.region().open(address, sizeBytes, options.hugePages());
      regions.add(region);
      builder.region(region);
      address = addressBehind(address, sizeBytes);
    }
    return builder.build();
  }

  /** Ranges start at multiples of 1 GiB; where none is left, the next one is refused. */
  private static long addressBehind(long address, long sizeBytes) {
    long end = address + sizeBytes;
    return end < 0 ? Long.MAX_VALUE : (end + REGION_ALIGNMENT - 1) & -REGION_ALIGNMENT;
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
