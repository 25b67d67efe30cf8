package dev.twofold.bench.results;

import java.math.BigDecimal;
import java.util.Locale;

/** How figures are written. */
final class Numbers {

  /** The allocator that the others are compared with. */
  static final String REFERENCE = "twofold";

  /** Stands for a figure that is not there. */
  static final String NONE = "–";

  private static final int LONG = 100;

  private Numbers() {}

  /** Three digits or more, as for a time in ns; a dash if it is not a number. */
  static String nanos(double value) {
    String format = Math.abs(value) < LONG ? "%.1f" : "%,.0f";
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, format, value);
  }

  /** No digits behind the point. */
  static String whole(double value) {
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%,.0f", value);
  }

  /** As few digits as tell the value. */
  static String plain(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  /** How many times something is another thing: 2.1×. */
  static String ratio(double ratio) {
    String format = ratio < LONG ? "%.2f×" : "%,.0f×";
    return Double.isFinite(ratio) ? String.format(Locale.ROOT, format, ratio) : NONE;
  }

  /** A share of something: 93 %. */
  static String percent(double share) {
    return Double.isNaN(share) ? NONE : Math.round(100 * share) + " %";
  }

  /** A ratio that follows a value; nothing if there is none. */
  static String inBrackets(double ratio) {
    return Double.isFinite(ratio) ? " (" + ratio(ratio) + ")" : "";
  }

  /** A number of threads as words: 1 thread, 8 threads. */
  static String threads(int count) {
    return count == 1 ? "1 thread" : count + " threads";
  }

  /** A mean and its error; no error if there is none. */
  static String spread(double mean, double error) {
    return Double.isNaN(error) ? nanos(mean) : nanos(mean) + " ± " + nanos(error);
  }
}
