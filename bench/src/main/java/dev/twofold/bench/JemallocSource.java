package dev.twofold.bench;

/** jemalloc through the foreign function API. */
final class JemallocSource extends AddressSource {

  private static final NativeHeap HEAP = CLibrary.JEMALLOC.heap().orElseThrow();

  JemallocSource(int slotCount) {
    super(slotCount);
  }

  @Override
  long allocateBlock(int order) {
    return HEAP.allocate(PAGE_BYTES << order);
  }

  @Override
  void freeBlock(long address) {
    HEAP.release(address);
  }
}
