package dev.twofold.bench;

/** glibc's malloc through the foreign function API. */
final class GlibcSource extends AddressSource {

  private static final NativeHeap HEAP = CLibrary.GLIBC.heap().orElseThrow();

  GlibcSource(int slotCount) {
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
