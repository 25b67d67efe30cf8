package dev.twofold.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What to hold figures of several threads against that change what others changed: an atomic
 * increment in each of two threads, of random ones of so many numbers that they hardly ever compete
 * for one at the same time. Mostly the other thread changed the cache line last, so it has to come
 * from there. What that takes depends on where the processors are, and may change within minutes
 * where they are virtual.
 */
final class SharedYardstick {

  private static final int THREADS = 2;

  /** So many that a thread that runs late for a moment hardly counts. */
  private static final int INCREMENTS = 1_000_000;

  private static final int WARM_UPS = 5;

  /** As many bytes as the words of 4 GiB of pages have: a power of two of numbers. */
  private static final int NUMBERS = 1 << 15;

  private final AtomicLongArray numbers = new AtomicLongArray(NUMBERS);
  private final int[] order = new SplittableRandom(1).ints(INCREMENTS, 0, NUMBERS).toArray();
  private final List<Double> nanos = new ArrayList<>();

  /** Warms up, and measures nothing yet. */
  SharedYardstick() throws BenchException {
    for (int i = 0; i < WARM_UPS; i++) {
      increments();
    }
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
              laps.time(thread, () -> increment(thread));
            });
    return laps.nanosEach(INCREMENTS);
  }

  /** The threads go through the same numbers, half a round apart. */
  private void increment(int thread) {
    int start = thread * INCREMENTS / THREADS;
    for (int i = start; i < INCREMENTS; i++) {
      numbers.getAndIncrement(order[i]);
    }
    for (int i = 0; i < start; i++) {
      numbers.getAndIncrement(order[i]);
    }
  }
}
