package dev.twofold.cli.report;

import dev.twofold.cli.replay.ReplayResult;
import dev.twofold.cli.replay.Traffic;
import java.util.List;

/**
 * What is told of a replay.
 *
 * @param traces names of the recordings, in order
 * @param skippedLines lines that are no events
 * @param failedInRecording allocations, among those lines, that failed where they were recorded
 * @param result what came of it
 */
public record ReplayReport(
    List<String> traces, long skippedLines, long failedInRecording, ReplayResult result) {

  /** Copies the list. */
  public ReplayReport {
    traces = List.copyOf(traces);
  }

  /**
   * Returns the time in calls of the allocator for one event.
   *
   * @return nanoseconds of the thread that replays it, the clock's own cost included
   */
  public double nanosPerEvent() {
    Traffic traffic = result.traffic();
    return (double) result.timing().allocatorNanos() / traffic.events();
  }

  /**
   * Returns how many events a second the whole replay took on.
   *
   * @return events a second of all threads together, stamps and waiting included
   */
  public double eventsPerSecond() {
    return result.traffic().events() * 1e9 / result.timing().replayNanos();
  }
}
