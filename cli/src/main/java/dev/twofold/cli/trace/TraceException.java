package dev.twofold.cli.trace;

/** A recording that can't be used. The message is one sentence for the user. */
public final class TraceException extends Exception {

  private static final long serialVersionUID = 1L;

  private TraceException(String message) {
    super(message);
  }

  static TraceException of(String trace, String reason) {
    return new TraceException("%s %s".formatted(trace, reason));
  }

  static TraceException at(String trace, long lineNumber, String reason) {
    return new TraceException("%s, line %d: %s".formatted(trace, lineNumber, reason));
  }
}
