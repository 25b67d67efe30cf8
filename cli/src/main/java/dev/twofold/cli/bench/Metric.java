package dev.twofold.cli.bench;

/**
 * Something that is measured once in every repetition.
 *
 * @param key its name in JSON
 * @param title its name in the table
 * @param nanos whether it is a time in ns, of one operation in one thread
 */
public record Metric(String key, String title, boolean nanos) {

  static final Metric GET = new Metric("getNanos", "allocate, ns", true);
  static final Metric PUT = new Metric("putNanos", "free, ns", true);
  static final Metric PAIR = new Metric("pairNanos", "pair of both, ns", true);
  static final Metric RATE = new Metric("opsPerSecond", "operations/s, all threads", false);

  /** The same with memory filled to {@code percent}. */
  Metric at(int percent) {
    return new Metric(key + "At" + percent, "%s, %d %% full".formatted(title, percent), nanos);
  }
}
