package dev.twofold.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The file that JSON goes to. Nothing is written, nor is a file made, before the very end. */
final class JsonTarget {

  /** The name of standard output among files. */
  static final String STANDARD_OUTPUT = "-";

  private final Path file;

  private JsonTarget(Path file) {
    this.file = file;
  }

  /**
   * Looks whether a file could be written, without touching it.
   *
   * @param name the file's name
   * @param traces names of files that are still to be read
   * @throws UsageException if not
   */
  static JsonTarget of(String name, List<String> traces) throws UsageException {
    if (name.isBlank()) {
      throw new UsageException("--json needs the name of a file, or - for standard output.");
    }
    Path file;
    try {
      file = Path.of(name);
    } catch (InvalidPathException e) {
      throw refused(name, "that is not a name that a file can have");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw refused(name, "that is a directory");
    }
    if (!Files.isDirectory(folder)) {
      throw refused(name, "there is no such directory");
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw refused(name, "you may not write there");
    }
    for (String trace : traces) {
      if (isSame(file, trace)) {
        throw refused(name, "that is the recording itself");
      }
    }
    return new JsonTarget(file);
  }

  /** Writes the file. */
  void write(String json) throws UsageException {
    try {
      Files.writeString(file, json);
    } catch (IOException e) {
      throw refused(file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static boolean isSame(Path file, String trace) {
    try {
      return Files.exists(file) && Files.isSameFile(file, Path.of(trace));
    } catch (IOException | InvalidPathException e) {
      return false; // There is no such trace, which its reader will say.
    }
  }

  private static UsageException refused(String name, String reason) {
    return new UsageException("JSON can't be written to %s: %s.".formatted(name, reason));
  }
}
