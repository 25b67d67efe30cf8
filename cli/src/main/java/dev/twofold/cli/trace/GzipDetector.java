package dev.twofold.cli.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Unpacks a stream if it begins as gzip does, whatever its name is. */
final class GzipDetector {

  private static final int MAGIC_FIRST = 0x1f;
  private static final int MAGIC_SECOND = 0x8b;

  private GzipDetector() {}

  static InputStream unpack(InputStream in) throws IOException {
    InputStream source = new BufferedInputStream(in);
    source.mark(2);
    boolean gzip = source.read() == MAGIC_FIRST && source.read() == MAGIC_SECOND;
    source.reset();
    return gzip ? new GzipInput(source) : source;
  }

  /**
   * Reads packed data to its end, where its checksum stands: nonsense that was read from it may
   * come of damage rather than of the recording.
   *
   * @throws IOException if the data is damaged
   */
  static void requireSound(InputStream unpacked) throws IOException {
    if (unpacked instanceof GzipInput) {
      unpacked.transferTo(OutputStream.nullOutputStream());
    }
  }
}
