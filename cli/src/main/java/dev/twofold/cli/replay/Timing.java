package dev.twofold.cli.replay;

/**
 * Where the time of a replay went.
 *
 * @param replayNanos time until the last event of any thread was replayed, with stamps and waiting
 * @param allocatorNanos time in calls of the allocator, summed over the threads
 * @param allocations the calls that allocate
 * @param frees the calls that free
 * @param clockNanos what the clock itself adds to the time of every call
 */
public record Timing(
    long replayNanos,
    long allocatorNanos,
    Latencies allocations,
    Latencies frees,
    long clockNanos) {}
