package dev.twofold.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What Linux tells of its memory in files; nothing where the files are not. Lines and words are
 * those of the manual page proc(5) and of {@code admin-guide/mm/transhuge} in the kernel's
 * documentation.
 *
 * @param root the directory that holds {@code proc} and {@code sys}
 */
record LinuxFacts(Path root) {

  static final LinuxFacts OF_THIS_SYSTEM = new LinuxFacts(Path.of("/"));

  /** Returns the size of a huge page of the system's pool, unless the system has no such pool. */
  OptionalLong hugePageBytes() {
    return memoryInfo("Hugepagesize");
  }

  /** Returns how much memory can be committed before the system runs short. */
  OptionalLong availableBytes() {
    return memoryInfo("MemAvailable");
  }

  /** Returns whether transparent huge pages are switched off, whatever is advised. */
  boolean transparentHugePagesAreOff() {
    return read("sys/kernel/mm/transparent_hugepage/enabled").contains("[never]");
  }

  private OptionalLong memoryInfo(String name) {
    return read("proc/meminfo")
        .lines()
        .filter(line -> line.startsWith(name + ":") && line.endsWith(" kB"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst();
  }

  private String read(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      return "";
    }
  }
}
