package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A range of addresses given to an allocator: where pages come from.
 *
 * <p>The allocator manages the whole pages that lie within the range, aligned by address, and keeps
 * its metadata elsewhere: it neither reads nor writes the range. Ready-made kinds are in {@link
 * Regions}; a user's own are checked when an allocator is built on them. A region belongs to one
 * allocator, which closes it when it is closed itself.
 *
 * <p>Implementations are immutable but for {@link #close()}, and safe for use by any thread.
 */
public interface Region extends AutoCloseable {

  /**
   * Returns the first address of the range.
   *
   * @return an address in bytes, not negative
   */
  long address();

  /**
   * Returns the length of the range.
   *
   * @return a size in bytes, at least 1; {@code address() + sizeBytes()} does not overflow
   */
  long sizeBytes();

  /**
   * Returns the memory behind the range.
   *
   * @return a native segment of {@link #sizeBytes()} bytes at {@link #address()} that any thread
   *     may access; empty if the range stands for something that is not memory
   */
  Optional<MemorySegment> memory();

  /**
   * Returns whether all of the range reads as zero when an allocator is built on it.
   *
   * @return false unless a kind of region says otherwise
   */
  default boolean startsZeroed() {
    return false;
  }

  /**
   * Gives the memory behind a part of the range back to the system, so that it reads as zero and
   * takes no memory until it is touched again. An allocator calls this of pages that are free,
   * which nobody is handed out until it returns. It must not call the allocator. If it throws, that
   * counts as refused, and the exception is passed on once others had their turn.
   *
   * @param address the first address of the part
   * @param sizeBytes the size of the part, at least 1
   * @return whether it was done; if not, nothing was changed. The default refuses
   */
  default boolean decommit(long address, long sizeBytes) {
    return false;
  }

  /**
   * Gives the range back to where it came from; its segments can no longer be accessed, unless the
   * memory stays its user's. Closing again does nothing. If it throws, nothing was given back, and
   * it can be called again.
   */
  @Override
  void close();
}
