package dev.twofold.cli.replay;

/**
 * Who replays a recording.
 *
 * @param count how many threads its CPUs are divided among
 * @param used how many of them have something to do; the others are not started
 */
public record ReplayThreads(int count, int used) {}
