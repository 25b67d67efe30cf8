package dev.twofold.cli.bench;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much is done.
 *
 * @param rounds repetitions of a timed workload, scores of one that is scored; its own number
 *     unless given
 * @param operations operations of all threads together in a repetition, where a workload does not
 *     say so itself
 * @param warmUp how long a timed workload is repeated before it counts
 * @param duration how long a workload runs that ends by the clock
 */
public record Effort(
    OptionalInt rounds, OptionalLong operations, Duration warmUp, Duration duration) {}
