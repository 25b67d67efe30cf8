package dev.twofold.bench;

import dev.twofold.core.BuddyAllocator;
import java.lang.foreign.MemorySegment;

/** Twofold by memory segments. */
final class TwofoldSegmentSource extends ObjectSource<MemorySegment> {

  private final BuddyAllocator allocator;

  private TwofoldSegmentSource(BuddyAllocator allocator, int slotCount) {
    super(new MemorySegment[slotCount]);
    this.allocator = allocator;
  }

  /** Opens an allocator that {@code threads} threads share. */
  static PageHeap shared(int threads) {
    BuddyAllocator allocator = TwofoldSource.described(threads).build();
    return new PageHeap(slots -> new TwofoldSegmentSource(allocator, slots), allocator::close);
  }

  @Override
  MemorySegment allocateBlock(int order) {
    return allocator.allocate(PAGE_BYTES << order);
  }

  @Override
  void freeBlock(MemorySegment block) {
    allocator.free(block);
  }

  @Override
  long addressOf(MemorySegment block) {
    return block.address();
  }
}
