package dev.twofold.cli.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory the process has, as the system counts it: Java's own memory as well. Lines are
 * those of the manual page proc_pid_status(5).
 *
 * @param peakBytes the most that was resident since the process began; empty if not known
 * @param nowBytes what is resident; empty if not known
 */
public record Residency(OptionalLong peakBytes, OptionalLong nowBytes) {

  private static final Path STATUS = Path.of("/proc/self/status");

  /** Asks the system; only Linux tells. */
  static Residency ofProcess() {
    return of(STATUS);
  }

  /** Reads what Linux says in a file. */
  static Residency of(Path status) {
    try {
      List<String> lines = Files.readAllLines(status);
      return new Residency(kibibytes(lines, "VmHWM:"), kibibytes(lines, "VmRSS:"));
    } catch (IOException e) {
      return new Residency(OptionalLong.empty(), OptionalLong.empty());
    }
  }

  private static OptionalLong kibibytes(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.matches(name + "\\s+\\d+ kB"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst();
  }
}
