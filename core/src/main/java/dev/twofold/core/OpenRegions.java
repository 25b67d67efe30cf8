package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The regions of an allocator, which have its memory until they are closed with it. */
final class OpenRegions {

  private final AddressMap map;

  /** As the map counts them. */
  private final List<Region> regions;

  /** The memory of each region; empty if there is none behind the addresses. */
  private final List<MemorySegment> memories;

  /** Regions to be closed; guarded by itself. */
  private final List<Region> open;

  OpenRegions(AddressMap map, AllocatorConfiguration configuration) {
    this.map = map;
    regions = configuration.regions();
    memories = configuration.memories();
    open = new ArrayList<>(regions);
  }

  /** Throws an {@link UnsupportedOperationException} if the regions are bare ranges. */
  void requireMemory() {
    if (memories.isEmpty()) {
      throw new UnsupportedOperationException(
          "there is no memory behind a bare range of addresses; use allocatePages");
    }
  }

  /** Returns the memory of some pages, or throws like {@link #requireMemory}. */
  MemorySegment memory(long address, long sizeBytes) {
    requireMemory();
    MemorySegment memory = memories.get(map.regionAt(address));
    return memory.asSlice(address - memory.address(), sizeBytes);
  }

  /** Gives the memory of some pages of one region back, and returns whether that was done. */
  boolean decommit(long address, long sizeBytes) {
    return regions.get(map.regionAt(address)).decommit(address, sizeBytes);
  }

  /** Closes every region even if some refuse, and throws what the first of these threw. */
  void close() {
    List<RuntimeException> failures = new ArrayList<>();
    synchronized (open) {
      for (Region region : List.copyOf(open)) {
        try {
          region.close();
          open.remove(region);
        } catch (RuntimeException e) {
          failures.add(e);
        }
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.getFirst();
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }
}
