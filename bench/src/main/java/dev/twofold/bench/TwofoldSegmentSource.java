package dev.twofold.bench;

import dev.twofold.core.BuddyAllocator;
import java.lang.foreign.MemorySegment;

/** Twofold by memory segments. */
final class TwofoldSegmentSource extends ObjectSource<MemorySegment> {

  private final BuddyAllocator allocator = TwofoldSource.newAllocator();

  TwofoldSegmentSource(int slotCount) {
    super(new MemorySegment[slotCount]);
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

  @Override
  public void close() {
    allocator.close();
  }
}
