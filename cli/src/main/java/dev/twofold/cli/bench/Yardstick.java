package dev.twofold.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What to hold figures against: an atomic increment that no other thread competes for. */
final class Yardstick {

  private static final int INCREMENTS = 200_000;
  private static final int WARM_UPS = 20;

  /** Measurements before the workload begins; then there is one before each repetition. */
  private static final int FIRST = 5;

  private final AtomicLong counter = new AtomicLong();
  private final List<Double> nanos = new ArrayList<>();

  Yardstick() {
    for (int i = 0; i < WARM_UPS; i++) {
      increments();
    }
    for (int i = 0; i < FIRST; i++) {
      measure();
    }
  }

  /** Measures once more. */
  final void measure() {
    nanos.add((double) increments() / INCREMENTS);
  }

  /** All measurements, in ns for an increment. */
  Samples samples() {
    return new Samples(nanos);
  }

  private long increments() {
    long start = System.nanoTime();
    for (int i = 0; i < INCREMENTS; i++) {
      counter.getAndIncrement();
    }
    return System.nanoTime() - start;
  }
}
