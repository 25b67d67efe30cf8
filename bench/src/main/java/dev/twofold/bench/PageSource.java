package dev.twofold.bench;

/**
 * A thread's access to an allocator under test, together with the blocks it was given, each in a
 * numbered slot.
 *
 * <p>The blocks stay on this side so that an allocator whose blocks are numbers keeps numbers and
 * one whose blocks are objects keeps objects: neither boxes nor casts what the other does not. A
 * measured JVM opens sources of one class, so their calls have one target.
 */
public interface PageSource extends AutoCloseable {

  /** The size of a page in bytes. */
  long PAGE_BYTES = 4096;

  /**
   * Allocates a block and keeps it.
   *
   * @param slot where to keep it; holds nothing now
   * @param order the block's size, 2^order pages
   */
  void allocate(int slot, int order);

  /**
   * Frees a block.
   *
   * @param slot which holds the block now and nothing afterwards
   */
  void free(int slot);

  /**
   * Returns the address of a block.
   *
   * @param slot which holds the block
   * @return the address of its first byte
   */
  long address(int slot);

  /**
   * Returns how much of the system's memory the allocator says it has.
   *
   * @return a size in bytes, or -1 if it does not say
   */
  default long heldBytes() {
    return -1;
  }

  /** Gives back what the source has of its own; all slots hold nothing. */
  @Override
  void close();
}
