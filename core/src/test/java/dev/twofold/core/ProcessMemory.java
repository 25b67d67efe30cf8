package dev.twofold.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux tells of this process's memory. */
final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  private ProcessMemory() {}

  static boolean isTold() {
    return Files.isReadable(STATUS) && Files.isReadable(MAPPINGS);
  }

  /** Returns the resident memory of the whole process. */
  static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return kibibytes(line);
      }
    }
    throw new AssertionError("no VmRSS in " + STATUS);
  }

  /** Returns the resident memory of the mappings that overlap the addresses. */
  static long residentBytes(long address, long sizeBytes) throws IOException {
    long resident = 0;
    boolean within = false;
    boolean found = false;
    List<String> lines = Files.readAllLines(MAPPINGS);
    for (String line : lines) {
      int dash = line.indexOf('-');
      int space = line.indexOf(' ');
      if (dash > 0 && dash < space && line.charAt(space - 1) != ':') {
        long start = Long.parseUnsignedLong(line, 0, dash, 16);
        long end = Long.parseUnsignedLong(line, dash + 1, space, 16);
        within = start < address + sizeBytes && address < end && end > 0;
        found |= within;
      } else if (within && line.startsWith("Rss:")) {
        resident += kibibytes(line);
      }
    }
    if (!found) {
      throw new AssertionError("no mapping at 0x%x".formatted(address));
    }
    return resident;
  }

  private static long kibibytes(String line) {
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }
}
