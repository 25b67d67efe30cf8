package dev.twofold.cli.trace;

/** The CPU that an event was recorded on: the last word like {@code [001]} before its name. */
final class CpuField {

  /** One more than the largest number; Linux is built for up to 2^13 CPUs. */
  static final int LIMIT = 1 << Character.SIZE;

  /** What an event counts as whose line tells no CPU. */
  static final int UNKNOWN = 0;

  private CpuField() {}

  /**
   * Finds the CPU of an event. Names of processes come before it and may look like it.
   *
   * @param line the event's line
   * @param end where to stop looking, behind the time
   * @return a number below {@link #LIMIT}; {@link #UNKNOWN} if there is none
   */
  static int before(String line, int end) {
    for (int at = line.lastIndexOf(']', end); at > 0; at = line.lastIndexOf(']', at - 1)) {
      int start = line.lastIndexOf('[', at);
      if (start >= 0 && isWord(line, start, at)) {
        int cpu = number(line, start + 1, at);
        if (cpu >= 0) {
          return cpu;
        }
      }
    }
    return UNKNOWN;
  }

  private static boolean isWord(String line, int start, int last) {
    return (start == 0 || isSpace(line.charAt(start - 1)))
        && (last + 1 == line.length() || isSpace(line.charAt(last + 1)));
  }

  /** Returns -1 for what is not a number, or too large. */
  private static int number(String line, int start, int end) {
    if (start == end) {
      return -1;
    }
    int number = 0;
    for (int at = start; at < end; at++) {
      char c = line.charAt(at);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
      if (number >= LIMIT) {
        return -1;
      }
    }
    return number;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
