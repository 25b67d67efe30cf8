package dev.twofold.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of the memory of this process. */
final class SystemMemory {

  private static final Path ROLLUP = Path.of("/proc/self/smaps_rollup");

  /** A word for each page of the address space. */
  private static final Path PAGE_MAP = Path.of("/proc/self/pagemap");

  private static final long PRESENT_OR_SWAPPED = 0b11L << 62;
  private static final int CHUNK_PAGES = 1 << 16;

  /** All addresses. */
  @SuppressWarnings("restricted")
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private SystemMemory() {}

  /** Returns whether the system tells. */
  static boolean isTold() {
    return Files.isReadable(ROLLUP) && Files.isReadable(PAGE_MAP);
  }

  /** Returns the resident bytes of the process, summed up mapping by mapping. */
  static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(ROLLUP)) {
      if (line.startsWith("Rss:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no Rss in " + ROLLUP);
  }

  /** Returns how many bytes of a range the system stands behind, counted page by page. */
  static long residentBytes(long address, long sizeBytes) throws IOException {
    byte[] words = new byte[CHUNK_PAGES * Long.BYTES];
    long resident = 0;
    try (RandomAccessFile file = new RandomAccessFile(PAGE_MAP.toFile(), "r")) {
      file.seek(address / PageSource.PAGE_BYTES * Long.BYTES);
      for (long left = sizeBytes / PageSource.PAGE_BYTES; left > 0; left -= CHUNK_PAGES) {
        int count = (int) Math.min(left, CHUNK_PAGES);
        file.readFully(words, 0, count * Long.BYTES);
        ByteBuffer bytes = ByteBuffer.wrap(words, 0, count * Long.BYTES);
        LongBuffer pages = bytes.order(ByteOrder.nativeOrder()).asLongBuffer();
        while (pages.hasRemaining()) {
          resident += (pages.get() & PRESENT_OR_SWAPPED) == 0 ? 0 : PageSource.PAGE_BYTES;
        }
      }
    }
    return resident;
  }

  /** Writes to every page of a block. */
  static void touch(long address, long sizeBytes) {
    for (long offset = 0; offset < sizeBytes; offset += PageSource.PAGE_BYTES) {
      ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address + offset, address);
    }
  }
}
