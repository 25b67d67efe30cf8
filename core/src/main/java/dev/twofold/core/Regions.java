package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The kinds of {@link Region} that Twofold brings along. */
public final class Regions {

  private Regions() {}

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
   * @param sizeBytes the size in bytes, 1 to 2^46
   * @return a region that owns the memory
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1 or above 2^46
   * @throws OutOfMemoryError if the operating system refuses
   * @throws IllegalCallerException if Java runs with native access denied to this module; {@code
   *     --enable-native-access=dev.twofold.core} grants it
   */
  public static AnonymousRegion anonymous(long sizeBytes) {
    return anonymous(sizeBytes, AnonymousOptions.NONE);
  }

  /**
   * Reserves anonymous memory as {@link #anonymous(long)} does, with huge pages, locked, or bound
   * to a NUMA node. The region tells what the system granted. Where there is no {@code mmap}, every
   * option is refused.
   *
   * @param sizeBytes the size in bytes, 1 to 2^46
   * @param options what is asked for, and whether the region may do without
   * @return a region that owns the memory
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1 or above 2^46
   * @throws UnsupportedOperationException if the operating system refuses an option that is
   *     required, saying which and what to do
   * @throws OutOfMemoryError if the operating system refuses the memory itself
   * @throws IllegalCallerException if Java runs with native access denied to this module
   */
  public static AnonymousRegion anonymous(long sizeBytes, AnonymousOptions options) {
    return AnonymousRegion.reserve(sizeBytes, options);
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
  public static Region addressRange(long address, long sizeBytes) {
    return new AddressRange(address, sizeBytes);
  }

  /** A bare range of addresses, which owns nothing. */
  private record AddressRange(long address, long sizeBytes) implements Region {

    AddressRange {
      if (address < 0) {
        throw new IllegalArgumentException("address %d of a range is negative".formatted(address));
      }
      if (sizeBytes < 1 || sizeBytes > Long.MAX_VALUE - address) {
        throw new IllegalArgumentException(
            "size of a range at address %d must be 1 to %d bytes, not %d"
                .formatted(address, Long.MAX_VALUE - address, sizeBytes));
      }
    }

    @Override
    public Optional<MemorySegment> memory() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
