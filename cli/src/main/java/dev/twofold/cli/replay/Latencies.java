package dev.twofold.cli.replay;

import org.HdrHistogram.Histogram;

/**
 * How long calls took, in nanoseconds: all 0 if there was none.
 *
 * @param p50 half of the calls took no longer
 * @param p99 99 % of the calls took no longer
 * @param p999 99.9 % of the calls took no longer
 * @param max the longest call
 */
public record Latencies(long p50, long p99, long p999, long max) {

  static Latencies of(Histogram histogram) {
    return new Latencies(
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(99),
        histogram.getValueAtPercentile(99.9),
        histogram.getMaxValue());
  }
}
