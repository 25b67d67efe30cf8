package dev.twofold.cli.bench;

import java.util.Optional;

/** What the figures of a run are held against, measured in the same run. */
final class Yardsticks {

  private final Yardstick alone = new Yardstick();
  private final Optional<SharedYardstick> shared;

  /** Measures the one for a thread alone, and warms up the one for several if there are several. */
  Yardsticks(boolean several) throws BenchException {
    shared = several ? Optional.of(new SharedYardstick()) : Optional.empty();
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

  /** All measurements of one in each of two threads, if several threads ran. */
  Optional<Samples> shared() {
    return shared.map(SharedYardstick::samples);
  }
}
