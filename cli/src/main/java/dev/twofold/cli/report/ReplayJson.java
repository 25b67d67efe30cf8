package dev.twofold.cli.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.twofold.cli.replay.Latencies;
import dev.twofold.cli.replay.Residency;
import dev.twofold.cli.replay.Timing;
import dev.twofold.cli.replay.Traffic;
import dev.twofold.core.AllocatorStats;
import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.MemoryStats;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;

/** Writes a report as one JSON object. */
public final class ReplayJson {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().serializeNulls().create();

  private ReplayJson() {}

  /**
   * Writes a report.
   *
   * @param report the report
   * @return the text of a JSON object, with a line end
   */
  public static String write(ReplayReport report) {
    JsonObject json = new JsonObject();
    json.add("traces", array(report.traces()));
    json.addProperty("threads", report.result().threads().count());
    json.addProperty("threadsUsed", report.result().threads().used());
    addTraffic(json, report);
    addEnd(json, report.result().end());
    addMemory(json, report);
    addTiming(json, report);
    json.addProperty("drained", report.result().drained());
    json.add("defects", array(report.result().defects()));
    return GSON.toJson(json) + "\n";
  }

  private static void addTraffic(JsonObject json, ReplayReport report) {
    Traffic traffic = report.result().traffic();
    json.addProperty("events", traffic.events());
    json.addProperty("allocations", traffic.allocations());
    json.addProperty("frees", traffic.frees());
    json.addProperty("unmatchedFrees", traffic.unmatchedFrees());
    json.addProperty("failedAllocations", traffic.failedAllocations());
    json.addProperty("skippedLines", report.skippedLines());
    json.addProperty("failedInRecording", report.failedInRecording());
    json.addProperty("livePagesPeak", traffic.livePagesPeak());
    json.addProperty("livePagesEnd", traffic.livePagesEnd());
  }

  private static void addEnd(JsonObject json, AllocatorStats end) {
    json.addProperty("pageSizeBytes", end.pageSizeBytes());
    json.addProperty("pagesTotal", end.pagesTotal());
    json.addProperty("splits", end.splits());
    json.addProperty("merges", end.merges());
    JsonArray freeBlocks = new JsonArray();
    end.freeBlocks().forEach(freeBlocks::add);
    json.add("freeBlocksEnd", freeBlocks);
    json.add("unusableFreeIndexEnd", byOrder(end::unusableFreeIndex));
    json.add("externalFragmentationIndexEnd", byOrder(end::externalFragmentationIndex));
  }

  private static void addMemory(JsonObject json, ReplayReport report) {
    Residency residency = report.result().residency();
    json.add("residentBytesPeak", number(residency.peakBytes()));
    json.add("residentBytesEnd", number(residency.nowBytes()));
    MemoryStats memory = report.result().end().memory();
    json.addProperty("committedBytesEnd", memory.committedBytes());
    json.addProperty("decommits", memory.decommits());
    json.addProperty("decommittedBytes", memory.decommittedBytesSoFar());
  }

  private static JsonElement number(OptionalLong number) {
    return number.isPresent() ? new JsonPrimitive(number.getAsLong()) : JsonNull.INSTANCE;
  }

  private static void addTiming(JsonObject json, ReplayReport report) {
    Timing timing = report.result().timing();
    json.addProperty("replayNanos", timing.replayNanos());
    json.addProperty("nanosPerEvent", report.nanosPerEvent());
    json.addProperty("clockNanos", timing.clockNanos());
    json.add("allocationNanos", latencies(timing.allocations()));
    json.add("freeNanos", latencies(timing.frees()));
  }

  private static JsonArray array(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static JsonArray byOrder(IntUnaryOperator index) {
    JsonArray array = new JsonArray();
    for (int order = 0; order <= BuddyAllocator.MAX_ORDER; order++) {
      array.add(index.applyAsInt(order));
    }
    return array;
  }

  private static JsonObject latencies(Latencies latencies) {
    JsonObject json = new JsonObject();
    json.addProperty("p50", latencies.p50());
    json.addProperty("p99", latencies.p99());
    json.addProperty("p999", latencies.p999());
    json.addProperty("max", latencies.max());
    return json;
  }
}
