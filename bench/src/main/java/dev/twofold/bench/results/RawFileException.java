package dev.twofold.bench.results;

/** A file of raw figures can't be read or written; the message is a sentence for people. */
public final class RawFileException extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * Says what is wrong.
   *
   * @param message one sentence that names the file
   */
  public RawFileException(String message) {
    super(message);
  }
}
