package dev.twofold.cli.replay;

import dev.twofold.core.BuddyAllocator;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Passes calls on to an allocator and takes the time of each, the clock's own cost included. */
final class TimedAllocator {

  /** A call that takes longer is counted as one that takes this long. */
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final int CLOCK_READINGS = 100_000;

  private final BuddyAllocator allocator;
  private final Histogram allocations = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
  private final Histogram frees = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
  private long nanos;

  TimedAllocator(BuddyAllocator allocator) {
    this.allocator = allocator;
  }

  /** Allocates a block, or returns {@link BuddyAllocator#NO_PAGES}. */
  long allocate(int order) {
    long start = System.nanoTime();
    long address = allocator.tryAllocatePages(order);
    record(System.nanoTime() - start, allocations);
    return address;
  }

  /** Frees a block. */
  void free(long address) {
    long start = System.nanoTime();
    allocator.freePages(address);
    record(System.nanoTime() - start, frees);
  }

  /** Adds the times that another one took so far. */
  void add(TimedAllocator other) {
    allocations.add(other.allocations);
    frees.add(other.frees);
    nanos += other.nanos;
  }

  /** The times taken so far, in a replay that took {@code replayNanos} in all. */
  Timing timing(long replayNanos) {
    return new Timing(
        replayNanos, nanos, Latencies.of(allocations), Latencies.of(frees), clockNanos());
  }

  private void record(long taken, Histogram histogram) {
    nanos += taken;
    histogram.recordValue(Math.min(taken, LONGEST_NANOS));
  }

  /** What the clock measures when nothing lies between two readings: the median. */
  private static long clockNanos() {
    Histogram readings = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
    for (int i = 0; i < CLOCK_READINGS; i++) {
      long start = System.nanoTime();
      readings.recordValue(Math.min(System.nanoTime() - start, LONGEST_NANOS));
    }
    return readings.getValueAtPercentile(50);
  }
}
