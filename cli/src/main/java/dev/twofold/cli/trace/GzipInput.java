package dev.twofold.cli.trace;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks gzip data of one or more members (RFC 1952), and reads it to its very end. The JDK's own
 * {@link java.util.zip.GZIPInputStream} takes whatever is not a sound header behind a member for
 * the end, and so would lose the rest of a damaged recording without a word. Here nothing may
 * follow the last member but the zeros that fill up blocks of a tape.
 */
final class GzipInput extends InputStream {

  private static final int[] MAGIC = {0x1f, 0x8b, 8};
  private static final int CHECKSUM_OF_HEADER = 1 << 1;
  private static final int EXTRA = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int RESERVED = 0xe0;

  /** Time, compression level and system, which stand between the flags and what they announce. */
  private static final int BYTES_AFTER_FLAGS = 6;

  private static final int END = -1;
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final byte[] packed = new byte[BUFFER_BYTES];
  private int next;
  private int limit;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private boolean ended;

  /** Reads the header of the first member, which must be there. */
  GzipInput(InputStream in) throws IOException {
    this.in = in;
    startMember(requireByte());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) == END ? END : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (!ended) {
      int read = inflate(bytes, offset, length);
      if (read > 0 || length == 0) {
        checksum.update(bytes, offset, read);
        return read;
      }
      if (inflater.finished()) {
        finishMember();
      } else if (fill()) {
        inflater.setInput(packed, next, limit - next);
      } else {
        throw new EOFException();
      }
    }
    return END;
  }

  private int inflate(byte[] bytes, int offset, int length) throws ZipException {
    try {
      int read = inflater.inflate(bytes, offset, length);
      require(!inflater.needsDictionary());
      return read;
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage());
    }
  }

  private void finishMember() throws IOException {
    next = limit - inflater.getRemaining();
    require(requireInt() == (int) checksum.getValue());
    require(requireInt() == (int) inflater.getBytesWritten());
    int following = nextByte();
    if (following > 0) {
      startMember(following);
      return;
    }
    while (following != END) {
      require(following == 0);
      following = nextByte();
    }
    ended = true;
    inflater.end();
  }

  private void startMember(int firstByte) throws IOException {
    require(firstByte == MAGIC[0] && requireByte() == MAGIC[1] && requireByte() == MAGIC[2]);
    int flags = requireByte();
    require((flags & RESERVED) == 0);
    skip(BYTES_AFTER_FLAGS);
    if ((flags & EXTRA) != 0) {
      skip(requireByte() | requireByte() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & CHECKSUM_OF_HEADER) != 0) {
      skip(Short.BYTES);
    }
    checksum.reset();
    inflater.reset();
    inflater.setInput(packed, next, limit - next);
  }

  private void skip(int bytes) throws IOException {
    for (int skipped = 0; skipped < bytes; skipped++) {
      requireByte();
    }
  }

  private void skipText() throws IOException {
    while (requireByte() != 0) {
      // The text says nothing that is of use here.
    }
  }

  private int requireInt() throws IOException {
    return requireByte() | requireByte() << 8 | requireByte() << 16 | requireByte() << 24;
  }

  private int requireByte() throws IOException {
    int value = nextByte();
    if (value == END) {
      throw new EOFException();
    }
    return value;
  }

  private int nextByte() throws IOException {
    return next < limit || fill() ? packed[next++] & 0xff : END;
  }

  /** Reads on into {@link #packed}, all of which was used; returns false at the end. */
  private boolean fill() throws IOException {
    next = 0;
    limit = Math.max(in.read(packed, 0, packed.length), 0);
    return limit > 0;
  }

  private static void require(boolean sound) throws ZipException {
    if (!sound) {
      throw new ZipException();
    }
  }
}
