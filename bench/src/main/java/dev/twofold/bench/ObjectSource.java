package dev.twofold.bench;

/**
 * A source whose blocks are objects.
 *
 * @param <B> the blocks
 */
abstract class ObjectSource<B> implements PageSource {

  private final B[] slots;

  /** Keeps blocks in {@code slots}, an array of their own class, so that nothing is cast. */
  ObjectSource(B[] slots) {
    this.slots = slots;
  }

  /** Allocates a block of 2^order pages. */
  abstract B allocateBlock(int order);

  /** Frees {@code block}. */
  abstract void freeBlock(B block);

  /** Returns the address of {@code block}. */
  abstract long addressOf(B block);

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
    return addressOf(slots[slot]);
  }

  @Override
  public void close() {}
}
