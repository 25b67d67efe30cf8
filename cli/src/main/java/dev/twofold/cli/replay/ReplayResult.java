package dev.twofold.cli.replay;

import dev.twofold.core.AllocatorStats;
import java.util.List;

/**
 * What came of a replay.
 *
 * @param threads who replayed it
 * @param traffic counts of events and pages
 * @param end the allocator's figures after the last event, before the final freeing
 * @param residency the process's memory at that time
 * @param timing where the time went
 * @param drained whether the allocator equalled a new one after the final freeing
 * @param defects a sentence for each check that failed
 */
public record ReplayResult(
    ReplayThreads threads,
    Traffic traffic,
    AllocatorStats end,
    Residency residency,
    Timing timing,
    boolean drained,
    List<String> defects) {

  /** Copies the list. */
  public ReplayResult {
    defects = List.copyOf(defects);
  }
}
