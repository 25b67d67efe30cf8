package dev.twofold.cli.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.twofold.cli.bench.BenchResult;
import dev.twofold.cli.bench.BenchSettings;
import dev.twofold.cli.bench.Samples;
import java.util.List;

/** Writes what came of a workload as one JSON object. */
public final class BenchJson {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private BenchJson() {}

  /**
   * Writes a result.
   *
   * @param result the result
   * @return the text of a JSON object, with a line end
   */
  public static String write(BenchResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("workload", result.kind().title());
    addSettings(json, result.settings());
    JsonObject samples = new JsonObject();
    result.figures().forEach((metric, values) -> add(json, samples, metric.key(), values));
    addScores(json, result);
    json.addProperty("metadataBytes", result.metadataBytes());
    add(json, samples, "yardstickNanos", result.yardstick());
    result
        .sharedYardstick()
        .ifPresent(shared -> add(json, samples, "sharedYardstickNanos", shared));
    json.add("samples", samples);
    return GSON.toJson(json) + "\n";
  }

  /** Adds the median, and all values to the samples. */
  private static void add(JsonObject json, JsonObject samples, String key, Samples values) {
    json.addProperty(key, values.median());
    samples.add(key, array(values.values()));
  }

  private static void addSettings(JsonObject json, BenchSettings settings) {
    json.addProperty("order", settings.order());
    json.addProperty("threads", settings.threads().count());
    json.addProperty("virtual", settings.threads().virtual());
    json.addProperty("confined", settings.memory().confined());
    json.addProperty("memoryBytes", settings.memory().sizeBytes());
    json.addProperty("real", settings.memory().real());
    json.addProperty("seed", settings.seed());
    json.addProperty("shattered", settings.shattered());
  }

  private static void addScores(JsonObject json, BenchResult result) {
    if (!result.scores().isEmpty()) {
      json.add("score", array(result.scores()));
    }
  }

  private static JsonArray array(List<Double> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}
