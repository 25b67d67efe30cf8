package dev.twofold.bench.results;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;

/**
 * What JMH found out about one benchmark. Times are ns of one operation in one thread.
 *
 * @param benchmark the name of the method
 * @param allocator the allocator's name, empty if there is none
 * @param order of the blocks, if the benchmark has one
 * @param threads how many threads did the same at once
 * @param mean average over all iterations
 * @param error half of the 99.9 % confidence interval of the mean, not a number if unknown
 * @param least average in the fastest iteration
 * @param most average in the slowest iteration
 * @param garbageBytes heap memory that an operation leaves behind
 */
record JmhResult(
    String benchmark,
    String allocator,
    OptionalInt order,
    int threads,
    double mean,
    double error,
    double least,
    double most,
    double garbageBytes) {

  private static final String GARBAGE = "gc.alloc.rate.norm";

  /**
   * Reads what {@code bench/run -rf json} wrote.
   *
   * @throws RawFileException if it is something else
   */
  static List<JmhResult> readAll(Path file) throws RawFileException {
    return Json.read(
        file,
        "bench/run -rf json",
        json -> {
          List<JmhResult> results = new ArrayList<>();
          json.getAsJsonArray().forEach(each -> results.add(of(each.getAsJsonObject())));
          return results;
        });
  }

  private static JmhResult of(JsonObject json) {
    String name = json.get("benchmark").getAsString();
    JsonObject parameters = json.has("params") ? json.getAsJsonObject("params") : new JsonObject();
    JsonObject time = json.getAsJsonObject("primaryMetric");
    JsonObject garbage = json.getAsJsonObject("secondaryMetrics").getAsJsonObject(GARBAGE);
    return new JmhResult(
        name.substring(name.lastIndexOf('.') + 1),
        parameters.has("allocator") ? parameters.get("allocator").getAsString() : "",
        parameters.has("order")
            ? OptionalInt.of(parameters.get("order").getAsInt())
            : OptionalInt.empty(),
        json.get("threads").getAsInt(),
        time.get("score").getAsDouble(),
        time.get("scoreError").getAsDouble(),
        iterations(time).min().orElseThrow(IllegalStateException::new),
        iterations(time).max().orElseThrow(IllegalStateException::new),
        garbage == null ? Double.NaN : garbage.get("score").getAsDouble());
  }

  /** Returns the averages of all iterations in all JVMs. */
  private static DoubleStream iterations(JsonObject time) {
    return time.getAsJsonArray("rawData").asList().stream()
        .flatMap(fork -> fork.getAsJsonArray().asList().stream())
        .mapToDouble(JsonElement::getAsDouble);
  }
}
