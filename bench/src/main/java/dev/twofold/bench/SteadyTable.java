package dev.twofold.bench;

import dev.twofold.bench.results.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The table of steady loads: a line for each order. */
final class SteadyTable {

  private static final int QUARTERS = 4;
  private static final int MIDDLE = 2;

  private final Table table =
      new Table(
          List.of(
              "blocks",
              "off, blocks/s",
              "on, blocks/s",
              "on / off",
              "middle half",
              "calls",
              "units back",
              "needed again",
              "within the decay time"));

  /**
   * Adds a line.
   *
   * @param off blocks a second in each swing without decay
   * @param on blocks a second in each swing with decay, each measured beside the one without
   * @param region what went back where decay was on
   */
  void add(int order, List<Double> off, List<Double> on, WatchedRegion region) {
    double[] ratios = new double[off.size()];
    for (int swing = 0; swing < ratios.length; swing++) {
      ratios[swing] = on.get(swing) / off.get(swing);
    }
    Arrays.sort(ratios);
    table.add(
        List.of(
            "order " + order,
            whole(quantile(sorted(off), MIDDLE)),
            whole(quantile(sorted(on), MIDDLE)),
            ratio(quantile(ratios, MIDDLE)),
            ratio(quantile(ratios, 1)) + " to " + ratio(quantile(ratios, QUARTERS - 1)),
            whole((double) region.calls()),
            whole((double) region.units()),
            whole((double) region.neededAgain()),
            whole((double) region.neededSoon())));
  }

  /** Returns the table in Markdown. */
  String write() {
    return table.write();
  }

  private static double[] sorted(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static double quantile(double[] sorted, int quarters) {
    return sorted[(sorted.length - 1) * quarters / QUARTERS];
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
