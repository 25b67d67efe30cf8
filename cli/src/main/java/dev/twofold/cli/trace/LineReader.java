package dev.twofold.cli.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts a stream into lines, and refuses what can't be text before it fills the memory. */
final class LineReader {

  /** Longer than any line of an event: those have some hundred bytes. */
  private static final int MAX_LINE_BYTES = 1 << 16;

  private static final int END = -1;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int limit;
  private byte[] pending = new byte[1 << 10];
  private int pendingBytes;

  private long lineNumber;
  private String line = "";
  private boolean terminated = true;

  LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * Goes to the next line.
   *
   * @return false at the end of the stream
   * @throws MalformedLineException if the line, which then counts as the current one, is not text
   * @throws IOException if the stream can't be read further, in the line that counts as current
   */
  boolean advance() throws IOException, MalformedLineException {
    lineNumber++;
    pendingBytes = 0;
    terminated = false;
    while (!terminated) {
      if (next == limit && !fill()) {
        break;
      }
      int end = endOfLine();
      append(end);
      terminated = end < limit;
      next = terminated ? end + 1 : end;
    }
    line = new String(pending, 0, pendingBytes, StandardCharsets.ISO_8859_1);
    if (line.indexOf('\0') >= 0) {
      throw new MalformedLineException(
          line.startsWith("PERFILE2")
              ? "this is perf's own binary file; give the output of \"perf script\" instead"
              : "this is binary data, not the text of a recording");
    }
    return terminated || pendingBytes > 0;
  }

  /** The current line's number, from 1; after the last line one more than there are. */
  long lineNumber() {
    return lineNumber;
  }

  /** The current line, a character a byte, without its end. */
  String line() {
    return line;
  }

  /** Whether the current line has an end; the last one of a stream may have none. */
  boolean isTerminated() {
    return terminated;
  }

  private boolean fill() throws IOException {
    int read = in.read(buffer, 0, buffer.length);
    next = 0;
    limit = Math.max(read, 0);
    return read != END;
  }

  private int endOfLine() {
    int end = next;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    return end;
  }

  private void append(int end) throws MalformedLineException {
    int bytes = end - next;
    if (pendingBytes + bytes > MAX_LINE_BYTES) {
      throw new MalformedLineException(
          "the line is longer than %d bytes, so this is no recording".formatted(MAX_LINE_BYTES));
    }
    if (pendingBytes + bytes > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(pendingBytes + bytes, 2 * pending.length));
    }
    System.arraycopy(buffer, next, pending, pendingBytes, bytes);
    pendingBytes += bytes;
  }
}
