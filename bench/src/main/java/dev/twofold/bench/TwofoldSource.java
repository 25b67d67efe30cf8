package dev.twofold.bench;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Regions;

/** Twofold by addresses. */
final class TwofoldSource extends AddressSource {

  /** One region of 1 GiB, room for what the benchmarks keep alive several times over. */
  private static final long REGION_BYTES = 1L << 30;

  private final BuddyAllocator allocator = newAllocator();

  TwofoldSource(int slotCount) {
    super(slotCount);
  }

  /** Returns the allocator that both of Twofold's doors are measured with. */
  static BuddyAllocator newAllocator() {
    return BuddyAllocator.builder().region(Regions.anonymous(REGION_BYTES)).build();
  }

  @Override
  long allocateBlock(int order) {
    return allocator.allocatePages(order);
  }

  @Override
  void freeBlock(long address) {
    allocator.freePages(address);
  }

  @Override
  public void close() {
    allocator.close();
  }
}
