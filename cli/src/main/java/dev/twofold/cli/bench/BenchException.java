package dev.twofold.cli.bench;

/** Why a workload came to no result. The message is one sentence for the user. */
public final class BenchException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Whether the workload can't be run as it was asked for. */
  private final boolean refusal;

  private BenchException(String message, boolean refusal) {
    super(message);
    this.refusal = refusal;
  }

  static BenchException refusal(String message) {
    return new BenchException(message, true);
  }

  static BenchException failure(String message) {
    return new BenchException(message, false);
  }

  /**
   * Returns whose fault it is.
   *
   * @return true if what was asked for can't be done, false if it was begun and something broke
   */
  public boolean isRefusal() {
    return refusal;
  }
}
