package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What an allocator is built from, checked as a whole.
 *
 * @param pageSizeBytes size of a page: a power of two up to {@link #MAX_PAGE_SIZE_BYTES}
 * @param regions at least one; sorted by address here; none overlaps another, each holds a whole
 *     page, and either all have memory or none has
 * @param confined whether only the thread that builds the allocator may use it
 * @param decay how long free memory is kept; empty if for ever, as it must be if confined
 * @param decommitOrder the smallest free blocks whose memory is given back, at least a unit
 */
record AllocatorConfiguration(
    long pageSizeBytes,
    List<Region> regions,
    boolean confined,
    Optional<Duration> decay,
    int decommitOrder) {

  static final Duration MIN_DECAY = Duration.ofMillis(1);
  static final Duration MAX_DECAY = Duration.ofDays(36_500);

  static final long DEFAULT_PAGE_SIZE_BYTES = 4096;

  /** 16 TiB: with it a block of the largest order is 2^62 bytes, the largest a long can tell. */
  static final long MAX_PAGE_SIZE_BYTES = 1L << (Long.SIZE - 2 - Orders.MAX_ORDER);

  /** Bounds what an allocator costs before its first use; 64 TiB of 4 KiB pages. */
  static final long MAX_TREES = Cursor.MAX_TREES;

  AllocatorConfiguration {
    if (Long.bitCount(pageSizeBytes) != 1
        || pageSizeBytes < 1
        || pageSizeBytes > MAX_PAGE_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "page size must be a power of two from 1 to %d bytes, not %d"
              .formatted(MAX_PAGE_SIZE_BYTES, pageSizeBytes));
    }
    if (regions.isEmpty()) {
      throw new IllegalArgumentException("an allocator needs at least one region");
    }
    regions.forEach(AllocatorConfiguration::requireSound);
    regions =
        together(
            regions,
            Long.numberOfTrailingZeros(pageSizeBytes),
            regions.getFirst().memory().isPresent());
    decay.ifPresent(time -> requireDecay(time, confined));
    if (decommitOrder < Tiers.UNIT_ORDER || decommitOrder > Orders.MAX_ORDER) {
      throw new IllegalArgumentException(
          "smallest order that is decommitted must be %d to %d, not %d"
              .formatted(Tiers.UNIT_ORDER, Orders.MAX_ORDER, decommitOrder));
    }
  }

  /** Returns the binary logarithm of the page size. */
  int pageShift() {
    return Long.numberOfTrailingZeros(pageSizeBytes);
  }

  /** Returns whether there is memory behind the pages. */
  boolean hasMemory() {
    return regions.getFirst().memory().isPresent();
  }

  /**
   * Checks that regions go together.
   *
   * @param memory whether there is memory behind them
   * @return the regions sorted by address
   */
  static List<Region> together(List<Region> regions, int pageShift, boolean memory) {
    List<Region> sorted =
        regions.stream().sorted(Comparator.comparingLong(Region::address)).toList();
    requireApart(sorted);
    requireOneKind(sorted, memory);
    requireWholePages(sorted, pageShift);
    return sorted;
  }

  private static void requireDecay(Duration decay, boolean confined) {
    if (decay.compareTo(MIN_DECAY) < 0 || decay.compareTo(MAX_DECAY) > 0) {
      throw new IllegalArgumentException(
          "decay must be %d milliseconds to %d days, not %s"
              .formatted(MIN_DECAY.toMillis(), MAX_DECAY.toDays(), decay));
    }
    if (confined) {
      throw new IllegalArgumentException(
          "decay takes a thread, and the allocator is confined to another; call trim() instead");
    }
  }

  /** A region can be a user's own: what it says is checked before anything is built on it. */
  static void requireSound(Region region) {
    long address = region.address();
    if (address < 0 || region.sizeBytes() < 1 || region.sizeBytes() > Long.MAX_VALUE - address) {
      throw new IllegalArgumentException(
          "region of %s does not lie between 0 and 2^63".formatted(describe(region)));
    }
    region.memory().ifPresent(memory -> requireBehind(region, memory));
  }

  private static void requireBehind(Region region, MemorySegment memory) {
    boolean behind =
        memory.isNative()
            && memory.address() == region.address()
            && memory.byteSize() == region.sizeBytes();
    if (!memory.scope().isAlive()) {
      throw new IllegalArgumentException("region of %s is closed".formatted(describe(region)));
    }
    if (!memory.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {}))) {
      throw new IllegalArgumentException(
          "memory of the region of %s is confined to a thread".formatted(describe(region)));
    }
    if (!behind) {
      throw new IllegalArgumentException(
          "region of %s has a memory segment of another place or size: %d bytes at 0x%x"
              .formatted(describe(region), memory.byteSize(), memory.address()));
    }
  }

  private static void requireApart(List<Region> regions) {
    for (int index = 1; index < regions.size(); index++) {
      Region before = regions.get(index - 1);
      Region region = regions.get(index);
      if (region.address() - before.address() < before.sizeBytes()) {
        throw new IllegalArgumentException(
            "regions overlap: %s and %s".formatted(describe(before), describe(region)));
      }
    }
  }

  private static void requireOneKind(List<Region> regions, boolean memory) {
    for (Region region : regions) {
      if (region.memory().isPresent() != memory) {
        throw new IllegalArgumentException(
            "regions with memory and bare ranges do not mix; build an allocator for each kind");
      }
    }
  }

  private static void requireWholePages(List<Region> regions, int pageShift) {
    long trees = 0;
    for (Region region : regions) {
      PageRange pages = PageRange.within(region, pageShift);
      if (pages.pageCount() < 1) {
        throw new IllegalArgumentException(
            "region of %s holds no whole page of %d bytes"
                .formatted(describe(region), 1L << pageShift));
      }
      trees += pages.treeCount();
    }
    if (trees > MAX_TREES) {
      throw new IllegalArgumentException(
          "the regions span %d blocks of the largest order, %d are the limit; choose larger pages"
              .formatted(trees, MAX_TREES));
    }
  }

  /** Names a region in a sentence. */
  static String describe(Region region) {
    return "%d bytes at 0x%x".formatted(region.sizeBytes(), region.address());
  }
}
