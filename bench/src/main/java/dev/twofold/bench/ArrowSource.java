package dev.twofold.bench;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;

/** Arrow's buffers over unsafe memory. */
final class ArrowSource extends ObjectSource<ArrowBuf> {

  private final RootAllocator allocator = new RootAllocator();

  ArrowSource(int slotCount) {
    super(new ArrowBuf[slotCount]);
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
  long addressOf(ArrowBuf block) {
    return block.memoryAddress();
  }

  @Override
  public void close() {
    allocator.close();
  }
}
