package dev.twofold.cli;

/** Options that can't be followed. The message is one sentence for the user. */
final class UsageException extends Exception {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
