package dev.twofold.cli.progress;

/** What the numbers beside a bar count. */
public enum ProgressUnit {
  /** One by one. */
  EVENTS("events", 1),
  /** One by one. */
  OPERATIONS("operations", 1),
  /** One by one. */
  ROUNDS("rounds", 1),
  /** One by one. */
  BYTES("B", 1),
  /** By 2^10 bytes. */
  KIBIBYTES("KiB", 1L << 10),
  /** By 2^20 bytes. */
  MEBIBYTES("MiB", 1L << 20);

  /** The least number of units to show, so that it can be seen to grow. */
  private static final long LEAST = 16;

  private final String label;
  private final long steps;

  ProgressUnit(String label, long steps) {
    this.label = label;
    this.steps = steps;
  }

  /**
   * Returns a unit that so many bytes can be told in.
   *
   * @param bytes how many there will be; 0 if that is not known
   * @return the largest unit of which there are enough to see them grow
   */
  public static ProgressUnit ofBytes(long bytes) {
    if (bytes >= LEAST * MEBIBYTES.steps) {
      return MEBIBYTES;
    }
    return bytes == 0 || bytes >= LEAST * KIBIBYTES.steps ? KIBIBYTES : BYTES;
  }

  String label() {
    return label;
  }

  long steps() {
    return steps;
  }
}
