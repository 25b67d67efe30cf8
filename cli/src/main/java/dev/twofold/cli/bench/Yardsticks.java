package dev.twofold.cli.bench;

import java.util.Optional;

/** What the figures of a run are held against, measured in the same run. */
final class Yardsticks {

  private final Yardstick alone = new Yardstick();
  private final Optional<SharedYardstick> shared;

  /** Measures what there is to measure before a workload of one thread or several. */
  Yardsticks(boolean several) throws BenchException {
    shared =
        several && SharedYardstick.isPossible()
            ? Optional.of(new SharedYardstick())
            : Optional.empty();
  }

  /** Measures once more. */
  void measure() throws BenchException {
    alone.measure();
    if (shared.isPresent()) {
      shared.get().measure();
    }
  }

  /** All measurements of an atomic increment that no other thread competes for. */
  Samples alone() {
    return alone.samples();
  }

  /** All measurements of one in each of two threads that change the same cache lines. */
  Optional<Samples> shared() {
    return shared.map(SharedYardstick::samples);
  }
}
