package dev.twofold.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What to hold figures of several threads against that change what others changed: an atomic
 * increment in each of two threads, of random ones of so many numbers that they hardly ever compete
 * for one at the same time. About every second time the other thread changed the cache line last,
 * so it has to come from there. What that takes depends on where the processors are, and may change
 * within minutes where they are virtual. That the numbers don't fit into the nearest cache is in
 * the figure too, some tenths of a nanosecond.
 */
final class SharedYardstick {

  private static final int THREADS = 2;

  /** So many that a thread that runs late for a moment hardly counts. */
  private static final int INCREMENTS = 1 << 21;

  private static final int WARM_UPS = 2;

  /** Measurements before the workload begins; then there is one before each repetition. */
  private static final int FIRST = 3;

  /** As many as the allocator has words for 4 GiB: one for 32 pages. */
  private static final int NUMBERS = 1 << 15;

  /** A power of two. */
  private static final int ORDER_LENGTH = 1 << 20;

  private final AtomicLongArray numbers = new AtomicLongArray(NUMBERS);
  private final int[] order = new SplittableRandom(1).ints(ORDER_LENGTH, 0, NUMBERS).toArray();
  private final List<Double> nanos = new ArrayList<>();

  SharedYardstick() throws BenchException {
    for (int i = 0; i < WARM_UPS; i++) {
      increments();
    }
    for (int i = 0; i < FIRST; i++) {
      measure();
    }
  }

  /** Returns whether there is anything to measure: more than one processor. */
  static boolean isPossible() {
    return Runtime.getRuntime().availableProcessors() >= THREADS;
  }

  /** Measures once more. */
  void measure() throws BenchException {
    nanos.add(increments());
  }

  /** All measurements, in ns for an increment in each of the threads. */
  Samples samples() {
    return new Samples(nanos);
  }

  private double increments() throws BenchException {
    Laps laps = new Laps(THREADS);
    new BenchThreads(THREADS, false)
        .run(
            (thread, crew) -> {
              crew.lineUp();
              laps.time(thread, () -> increment(thread * ORDER_LENGTH / THREADS));
            });
    return laps.nanosEach(INCREMENTS);
  }

  private void increment(int start) {
    for (int step = start, end = start + INCREMENTS; step != end; step++) {
      numbers.getAndIncrement(order[step & (ORDER_LENGTH - 1)]);
    }
  }
}
