package dev.twofold.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux tells of this process's memory. */
final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  /** A word for each page of the address space. */
  private static final Path PAGE_MAP = Path.of("/proc/self/pagemap");

  /** The head of a mapping: its first address and the one behind it. */
  private static final Pattern RANGE = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ");

  private static final long PRESENT_OR_SWAPPED = 0b11L << 62;

  private ProcessMemory() {}

  static boolean isTold() {
    return Files.isReadable(STATUS) && Files.isReadable(MAPPINGS) && Files.isReadable(PAGE_MAP);
  }

  /** Returns the resident memory of the whole process. */
  static long residentBytes() throws IOException {
    return kibibytes(STATUS, "VmRSS:");
  }

  /** Returns the size of all mappings, touched or not. */
  static long mappedBytes() throws IOException {
    return kibibytes(STATUS, "VmSize:");
  }

  /** Returns how many mappings the process has. */
  static int mappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).size();
  }

  /**
   * Returns how much of the range was ever touched and not given back. Pages are counted one by
   * one, as the system may tell of neighbouring mappings as of one.
   */
  static long committedBytes(long address, long sizeBytes) throws IOException {
    long pageBytes = kibibytes(MAPPINGS, "KernelPageSize:");
    byte[] words = new byte[Math.toIntExact(sizeBytes / pageBytes * Long.BYTES)];
    try (RandomAccessFile file = new RandomAccessFile(PAGE_MAP.toFile(), "r")) {
      file.seek(address / pageBytes * Long.BYTES);
      file.readFully(words);
    }
    LongBuffer pages = ByteBuffer.wrap(words).order(ByteOrder.nativeOrder()).asLongBuffer();
    long committed = 0;
    while (pages.hasRemaining()) {
      committed += (pages.get() & PRESENT_OR_SWAPPED) == 0 ? 0 : pageBytes;
    }
    return committed;
  }

  /** Returns how much of the disk a file takes, holes left out. */
  static long diskBytes(Path file) throws IOException {
    ProcessBuilder stat = new ProcessBuilder("stat", "-c", "%b %B", file.toString());
    try (BufferedReader output = stat.start().inputReader()) {
      String blocks = output.readAllLines().getFirst();
      return Stream.of(blocks.split(" ", -1)).mapToLong(Long::parseLong).reduce(1, (a, b) -> a * b);
    }
  }

  /** Returns the two-letter flags of the mapping that {@code address} lies in. */
  static List<String> flagsAt(long address) throws IOException {
    boolean here = false;
    for (String line : Files.readAllLines(MAPPINGS)) {
      Matcher range = RANGE.matcher(line);
      if (range.lookingAt()) {
        here =
            Long.parseUnsignedLong(range.group(1), 16) <= address
                && address < Long.parseUnsignedLong(range.group(2), 16);
      } else if (here && line.startsWith("VmFlags:")) {
        return List.of(line.split("\\s+"));
      }
    }
    throw new AssertionError("0x%x is not mapped".formatted(address));
  }

  /** Returns the figure of the first line that starts with {@code name}. */
  private static long kibibytes(Path file, String name) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new AssertionError("no " + name + " in " + file);
  }
}
