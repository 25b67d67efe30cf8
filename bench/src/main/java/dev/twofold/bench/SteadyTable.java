package dev.twofold.bench;

import dev.twofold.bench.SteadyLoad.Figures;
import dev.twofold.bench.results.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The table of steady loads: a line for each order. */
final class SteadyTable {

  private final Table table =
      new Table(
          List.of(
              "blocks",
              "off, blocks/s",
              "on, blocks/s",
              "on / off",
              "least to most",
              "calls",
              "units back",
              "needed again",
              "within the decay time"));

  /**
   * Adds a line.
   *
   * @param off figures of each round without decay
   * @param on figures of the same rounds with decay
   */
  void add(int order, List<Figures> off, List<Figures> on) {
    double[] ratios = new double[off.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = on.get(round).perSecond() / off.get(round).perSecond();
    }
    Arrays.sort(ratios);
    table.add(
        List.of(
            "order " + order,
            whole(median(off.stream().mapToDouble(Figures::perSecond).sorted().toArray())),
            whole(median(on.stream().mapToDouble(Figures::perSecond).sorted().toArray())),
            ratio(median(ratios)),
            ratio(ratios[0]) + " to " + ratio(ratios[ratios.length - 1]),
            whole((double) on.stream().mapToLong(Figures::calls).sum()),
            whole((double) on.stream().mapToLong(Figures::units).sum()),
            whole((double) on.stream().mapToLong(Figures::neededAgain).sum()),
            whole((double) on.stream().mapToLong(Figures::neededSoon).sum())));
  }

  /** Returns the table in Markdown. */
  String write() {
    return table.write();
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
