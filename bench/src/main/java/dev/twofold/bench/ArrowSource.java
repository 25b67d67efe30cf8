package dev.twofold.bench;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;

/** Arrow's buffers over unsafe memory. */
final class ArrowSource extends ObjectSource<ArrowBuf> {

  private final RootAllocator allocator;

  private ArrowSource(RootAllocator allocator, int slotCount) {
    super(new ArrowBuf[slotCount]);
    this.allocator = allocator;
  }

  /** Opens an allocator that any number of threads share. */
  static PageHeap shared() {
    RootAllocator allocator = new RootAllocator();
    return new PageHeap(slots -> new ArrowSource(allocator, slots), allocator::close);
  }

  @Override
  ArrowBuf allocateBlock(int order) {
    return allocator.buffer(PAGE_BYTES << order);
  }

  @Override
  void freeBlock(ArrowBuf block) {
    block.close();
  }

  @Override
  public long heldBytes() {
    return allocator.getAllocatedMemory();
  }

  @Override
  long addressOf(ArrowBuf block) {
    return block.memoryAddress();
  }
}
