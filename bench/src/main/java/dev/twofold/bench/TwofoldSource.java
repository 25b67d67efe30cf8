package dev.twofold.bench;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Regions;

/** Twofold by addresses. */
class TwofoldSource extends AddressSource {

  /** 1 GiB a thread, room for what the benchmarks keep alive several times over. */
  private static final long THREAD_BYTES = 1L << 30;

  private final BuddyAllocator allocator;

  TwofoldSource(BuddyAllocator allocator, int slotCount) {
    super(slotCount);
    this.allocator = allocator;
  }

  /** Opens an allocator that {@code threads} threads share. */
  static PageHeap shared(int threads) {
    BuddyAllocator allocator = described(threads).build();
    return new PageHeap(slots -> new TwofoldSource(allocator, slots), allocator::close);
  }

  /** Describes an allocator for {@code threads} threads: all of Twofold's doors get the same. */
  static BuddyAllocator.Builder described(int threads) {
    return BuddyAllocator.builder().region(Regions.anonymous(THREAD_BYTES * threads));
  }

  @Override
  public final long heldBytes() {
    return allocator.stats().memory().committedBytes();
  }

  @Override
  final long allocateBlock(int order) {
    return allocator.allocatePages(order);
  }

  @Override
  final void freeBlock(long address) {
    allocator.freePages(address);
  }
}
