package dev.twofold.cli.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a workload.
 *
 * @param kind the workload
 * @param settings how it was run
 * @param figures the values of each metric in all repetitions, in the order to show them
 * @param scores a score for each round, in percent
 * @param metadataBytes by how much the heap grew with the allocator, best effort
 * @param yardstick ns of one uncontended atomic increment
 * @param sharedYardstick ns of one in each of two threads that change the same cache lines, if
 *     several threads ran on several processors
 */
public record BenchResult(
    WorkloadKind kind,
    BenchSettings settings,
    Map<Metric, Samples> figures,
    List<Double> scores,
    long metadataBytes,
    Samples yardstick,
    Optional<Samples> sharedYardstick) {

  /** Copies the collections. */
  public BenchResult {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    scores = List.copyOf(scores);
  }
}
