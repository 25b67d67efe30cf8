package dev.twofold.bench;

/** mimalloc through the foreign function API. */
final class MimallocSource extends AddressSource {

  private static final NativeHeap HEAP = CLibrary.MIMALLOC.heap().orElseThrow();

  MimallocSource(int slotCount) {
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
