package dev.twofold.core;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
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
   * Creates a file and maps it, shared: what is written to the memory is in the file, for whoever
   * reads it. The file is readable and writable by its owner alone from its first moment on. It is
   * a hole of {@code sizeBytes} that reads as zero and takes space on the disk page by page at the
   * first touch.
   *
   * <p>Closing the region unmaps the file and keeps it. Nothing is forced to the disk. The range
   * starts at a multiple of the system's page only, so the largest block may be half as large as in
   * anonymous memory of the size. A last part that fills no page is in the file, but in no block.
   *
   * <p>If the disk is full at a first touch, or somebody cuts the file off, the access fails with
   * an {@link InternalError}. Who wants to be sure of the space creates the file with all its
   * blocks, as {@code fallocate} does, and uses {@link #existingFile}.
   *
   * @param file the file, which must not exist
   * @param sizeBytes the size in bytes, at least 1
   * @return a region that owns the mapping
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1
   * @throws IOException if the file exists, is a directory, or cannot be created or mapped, or if
   *     its file system has less than {@code sizeBytes} left or no POSIX permissions (Windows); no
   *     file is left behind
   */
  public static Region file(Path file, long sizeBytes) throws IOException {
    return FileRegion.create(file, sizeBytes);
  }

  /**
   * Maps the first {@code sizeBytes} of a file that exists, shared, with what it holds. A shorter
   * file grows to that size by a hole; a longer one keeps its rest. Its permissions stay as they
   * are. All else is as in {@link #file}. An allocator over it takes all pages for free: which of
   * them were allocated is not in the file. That nobody else maps it is up to the caller.
   *
   * @param file an ordinary file that can be read and written, or a link to one
   * @param sizeBytes the size in bytes, at least 1
   * @return a region that owns the mapping
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1
   * @throws IOException if the file does not exist, is no ordinary one, or cannot be opened or
   *     mapped, or if its file system has too little left for what it grows by
   */
  public static Region existingFile(Path file, long sizeBytes) throws IOException {
    return FileRegion.open(file, sizeBytes);
  }

  /**
   * Wraps memory that the caller already has. It stays the caller's: closing the region does
   * nothing, and segments stay accessible as long as the caller's arena is open.
   *
   * <p>If that arena is closed first, accesses through segments throw an {@link
   * IllegalStateException}, while an allocator goes on handing out addresses, behind which there is
   * no memory any more.
   *
   * @param memory a native segment that any thread may read and write
   * @return a region that owns nothing
   * @throws IllegalArgumentException if {@code memory} lies on the heap, or is read-only, closed,
   *     confined to a thread, or empty
   */
  public static Region segment(MemorySegment memory) {
    return new SegmentRegion(memory);
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
