package dev.twofold.cli.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;

/** Unpacks a stream if it begins as gzip does, whatever its name is. */
final class GzipDetector {

  private static final int MAGIC_FIRST = 0x1f;
  private static final int MAGIC_SECOND = 0x8b;
  private static final int BUFFER_BYTES = 1 << 16;

  private GzipDetector() {}

  static InputStream unpack(InputStream in) throws IOException {
    InputStream source = new HonestlyAvailable(in);
    source.mark(2);
    boolean gzip = source.read() == MAGIC_FIRST && source.read() == MAGIC_SECOND;
    source.reset();
    return gzip ? new GZIPInputStream(source, BUFFER_BYTES) : source;
  }

  /**
   * Reads packed data to its end, where its checksum stands: nonsense that was read from it may
   * come of damage rather than of the recording.
   *
   * @throws IOException if the data is damaged
   */
  static void requireSound(InputStream unpacked) throws IOException {
    if (unpacked instanceof GZIPInputStream) {
      unpacked.transferTo(OutputStream.nullOutputStream());
    }
  }

  /**
   * Says that bytes are available until the end was seen. {@link GZIPInputStream} asks whether a
   * further packed part follows the one just read, and a pipe that is slow would have it stop.
   */
  private static final class HonestlyAvailable extends BufferedInputStream {

    HonestlyAvailable(InputStream in) {
      super(in, BUFFER_BYTES);
    }

    @Override
    public synchronized int available() throws IOException {
      mark(1);
      boolean ended = read() < 0;
      reset();
      return ended ? 0 : Math.max(1, super.available());
    }
  }
}
