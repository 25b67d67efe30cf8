package dev.twofold.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Recordings for tests: those of the project, and lines to write new ones from. */
final class Traces {

  static final String ALLOCATION = allocation(0x10, 0);

  private Traces() {}

  /** A recording in the project's folder; tests run in the module's. */
  static String shipped(String name) {
    return Path.of("..", "traces", name).toString();
  }

  static String allocation(long frame, int order) {
    return line("kmem:mm_page_alloc", frame, order);
  }

  static String free(long frame, int order) {
    return line("kmem:mm_page_free", frame, order);
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static String line(String event, long frame, int order) {
    return String.format(
        Locale.ROOT, "[001]   958.375254: %s: page=0x1 pfn=0x%x order=%d%n", event, frame, order);
  }
}
