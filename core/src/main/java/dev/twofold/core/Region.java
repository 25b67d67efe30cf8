package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A range of addresses given to an allocator: where pages come from.
 *
 * <p>The allocator manages the whole pages that lie within the range, aligned by address, and keeps
 * its metadata elsewhere: it neither reads nor writes the range. A region belongs to one allocator,
 * which closes it when it is closed itself.
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

  /** Gives the range back to where it came from; its segments can no longer be accessed. */
  @Override
  void close();

  /**
   * Reserves anonymous memory from the operating system. It is committed by the system page by page
   * at the first touch and reads as zero until then; reserving costs no memory by itself.
   *
   * <p>The range starts at a multiple of the largest power of two that is not above {@code
   * sizeBytes}, and not above 1 GiB, so that a region of 1 GiB holds a block of 1 GiB.
   *
   * <p>Where there is no {@code mmap} (Windows) the JDK's own native memory serves, which is
   * allocated and filled with zeroes at once.
   *
   * @param sizeBytes the size in bytes, at least 1; rounded up to pages of the operating system
   * @return a region that owns the memory
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1 or above 2^46
   * @throws OutOfMemoryError if the operating system refuses
   */
  static Region anonymous(long sizeBytes) {
    return AnonymousRegion.reserve(sizeBytes);
  }

  /**
   * Describes a bare range of addresses with no memory behind it: file extents, device memory,
   * identifiers. An allocator over such regions hands out addresses only.
   *
   * @param address the first address in bytes, at least 0
   * @param sizeBytes the size in bytes, at least 1
   * @return a region that owns nothing
   * @throws IllegalArgumentException if either is out of range or their sum overflows
   */
  static Region addressRange(long address, long sizeBytes) {
    return new AddressRange(address, sizeBytes);
  }
}
