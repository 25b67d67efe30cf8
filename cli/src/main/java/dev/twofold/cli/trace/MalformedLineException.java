package dev.twofold.cli.trace;

/** A line that can't be read. The message says why, to follow "file, line n: ". */
final class MalformedLineException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedLineException(String reason) {
    super(reason);
  }
}
