package dev.twofold.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of a workload brought.
 *
 * @param figures one for each metric, in the order to show them
 * @param scores one for each round, in percent
 */
record Outcome(Map<Metric, Double> figures, List<Double> scores) {

  static Outcome timed(Map<Metric, Double> figures) {
    return new Outcome(figures, List.of());
  }

  /** Allocations and frees timed apart, {@code count} of each in each thread. */
  static Outcome ofPhases(Laps gets, Laps puts, long count) {
    return timed(Metric.GET, gets.nanosEach(count), Metric.PUT, puts.nanosEach(count));
  }

  /** Pairs of allocation and free, {@code count} of them in each thread. */
  static Outcome ofPairs(Laps laps, long count) {
    return timed(Metric.PAIR, laps.nanosEach(count), Metric.RATE, laps.perSecond(count));
  }

  static Outcome scored(List<Double> scores) {
    return new Outcome(Map.of(), scores);
  }

  private static Outcome timed(Metric first, double value, Metric second, double other) {
    Map<Metric, Double> figures = new LinkedHashMap<>();
    figures.put(first, value);
    figures.put(second, other);
    return timed(figures);
  }
}
