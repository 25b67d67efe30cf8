package dev.twofold.cli.bench;

import java.util.Arrays;

/** How long each thread took in a phase, summed over its laps. Every thread tells its own. */
final class Laps {

  private final long[] nanos;
  private final long[] starts;
  private final long[] ends;

  Laps(int threads) {
    nanos = new long[threads];
    starts = new long[threads];
    ends = new long[threads];
    Arrays.fill(starts, Long.MAX_VALUE);
    Arrays.fill(ends, Long.MIN_VALUE);
  }

  /** Takes the time of a lap. */
  void time(int thread, Runnable lap) {
    long start = System.nanoTime();
    lap.run();
    add(thread, start, System.nanoTime());
  }

  /** Adds a lap that lasted from one reading of the clock to another. */
  void add(int thread, long start, long end) {
    nanos[thread] += end - start;
    starts[thread] = Math.min(starts[thread], start);
    ends[thread] = Math.max(ends[thread], end);
  }

  /** The time of one of a thread's {@code operations}, averaged over the threads. */
  double nanosEach(long operations) {
    return (double) Arrays.stream(nanos).sum() / nanos.length / operations;
  }

  /**
   * The rate of all threads together, each doing {@code operations}, from when the first began
   * until the last had ended.
   */
  double perSecond(long operations) {
    long wallNanos =
        Arrays.stream(ends).max().orElseThrow() - Arrays.stream(starts).min().orElseThrow();
    return operations * nanos.length * 1e9 / Math.max(1, wallNanos);
  }
}
