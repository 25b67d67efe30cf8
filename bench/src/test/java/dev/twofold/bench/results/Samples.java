package dev.twofold.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Figures that were once recorded, in a run too short to tell anything. */
final class Samples {

  static final Path FOLDER = Path.of("src", "test", "resources", "raw");

  private Samples() {}

  static void copyTo(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }
}
