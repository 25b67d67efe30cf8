package dev.twofold.cli.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.twofold.cli.bench.BenchResult;
import dev.twofold.cli.bench.BenchSettings;
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
    result
        .figures()
        .forEach(
            (metric, values) -> {
              json.addProperty(metric.key(), values.median());
              samples.add(metric.key(), array(values.values()));
            });
    addScores(json, result);
    json.addProperty("metadataBytes", result.metadataBytes());
    json.addProperty("yardstickNanos", result.yardstick().median());
    samples.add("yardstickNanos", array(result.yardstick().values()));
    result
        .sharedYardstick()
        .ifPresent(
            shared -> {
              json.addProperty("sharedYardstickNanos", shared.median());
              samples.add("sharedYardstickNanos", array(shared.values()));
            });
    json.add("samples", samples);
    return GSON.toJson(json) + "\n";
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
