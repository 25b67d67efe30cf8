package dev.twofold.bench.results;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code ./twofold bench}, or {@code bench/llfree}, found out about one workload.
 *
 * @param workload the workload's name
 * @param order of the blocks, or of the smallest of them
 * @param threads how many threads did the same at once
 * @param virtual whether these were virtual threads
 * @param confined whether the allocator was confined to its thread
 * @param shattered whether it began in shattered memory
 * @param samples the values of all repetitions, by the name of what was measured
 * @param scores the free pages in wholly free 2 MiB blocks after each round, in percent
 */
record WorkloadResult(
    String workload,
    int order,
    int threads,
    boolean virtual,
    boolean confined,
    boolean shattered,
    Map<String, Spread> samples,
    List<Double> scores) {

  /** The name of the yardstick among the samples. */
  static final String YARDSTICK = "yardstickNanos";

  /** The name of the one that is measured in two threads that change the same cache lines. */
  static final String SHARED_YARDSTICK = "sharedYardstickNanos";

  /** The name of the rate of all threads together. */
  static final String RATE = "opsPerSecond";

  /** The middle of some values, the least of them and the most. */
  record Spread(double median, double least, double most) {

    /** Returns the same in another unit. */
    Spread times(double factor) {
      return new Spread(median * factor, least * factor, most * factor);
    }

    private static Spread of(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      int half = sorted.size() / 2;
      double median =
          sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
      return new Spread(median, sorted.getFirst(), sorted.getLast());
    }
  }

  /**
   * Reads what a command wrote.
   *
   * @param command {@code ./twofold bench --json} or {@code bench/llfree --json}
   * @throws RawFileException if it is something else
   */
  static WorkloadResult read(Path file, String command) throws RawFileException {
    return Json.read(file, command, json -> of(json.getAsJsonObject()));
  }

  private static WorkloadResult of(JsonObject json) {
    Map<String, Spread> samples = new LinkedHashMap<>();
    json.getAsJsonObject("samples")
        .asMap()
        .forEach((name, values) -> samples.put(name, Spread.of(numbers(values))));
    return new WorkloadResult(
        json.get("workload").getAsString(),
        json.get("order").getAsInt(),
        json.get("threads").getAsInt(),
        json.get("virtual").getAsBoolean(),
        json.get("confined").getAsBoolean(),
        json.get("shattered").getAsBoolean(),
        samples,
        json.has("score") ? numbers(json.get("score")) : List.of());
  }

  private static List<Double> numbers(JsonElement array) {
    return array.getAsJsonArray().asList().stream().map(JsonElement::getAsDouble).toList();
  }

  /** Returns whether other things are the same but not the allocator: none is a special case. */
  boolean isPlainTwinOf(WorkloadResult other) {
    return workload.equals(other.workload)
        && order == other.order
        && threads == other.threads
        && !virtual
        && !confined
        && !shattered;
  }

  /** Returns what came of a metric, or empty if the workload does not have it. */
  Optional<Spread> sample(String name) {
    return Optional.ofNullable(samples.get(name));
  }
}
