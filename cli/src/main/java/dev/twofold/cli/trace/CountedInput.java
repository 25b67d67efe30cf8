package dev.twofold.cli.trace;

import dev.twofold.cli.progress.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells the progress of every byte that is read. */
final class CountedInput extends FilterInputStream {

  private final Progress progress;

  CountedInput(InputStream in, Progress progress) {
    super(in);
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    if (read >= 0) {
      progress.advance(1);
    }
    return read;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    if (read > 0) {
      progress.advance(read);
    }
    return read;
  }
}
