package dev.twofold.bench;

/** A source whose blocks are addresses. */
abstract class AddressSource implements PageSource {

  private final long[] slots;

  AddressSource(int slotCount) {
    slots = new long[slotCount];
  }

  /** Allocates a block of 2^order pages and returns its address. */
  abstract long allocateBlock(int order);

  /** Frees the block at {@code address}. */
  abstract void freeBlock(long address);

  @Override
  public final void allocate(int slot, int order) {
    slots[slot] = allocateBlock(order);
  }

  @Override
  public final void free(int slot) {
    freeBlock(slots[slot]);
  }

  @Override
  public final long address(int slot) {
    return slots[slot];
  }

  @Override
  public void close() {}
}
