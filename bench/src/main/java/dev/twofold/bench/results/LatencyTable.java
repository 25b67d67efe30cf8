package dev.twofold.bench.results;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The table of latencies: a line for every allocator and one for the clock. */
public final class LatencyTable {

  /** The percentiles that are shown; the largest value follows. */
  static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 99.99);

  private LatencyTable() {}

  /**
   * Writes the table.
   *
   * @param all latencies of one run, one for each allocator, in the order to show them
   * @return Markdown; each value with its ratio to that of twofold, if that is there
   */
  public static String write(List<Latencies> all) {
    List<String> headers = new ArrayList<>(List.of("ns"));
    PERCENTILES.forEach(percentile -> headers.add(Numbers.plain(percentile) + " %"));
    headers.addAll(List.of("max", "operations"));
    Table table = new Table(headers);
    List<Double> reference =
        all.stream()
            .filter(each -> each.allocator().equals(Numbers.REFERENCE))
            .findFirst()
            .map(each -> values(each.operations()))
            .orElse(List.of());
    Histogram clock = Latencies.newHistogram();
    for (Latencies each : all) {
      table.add(line(each.allocator(), each.operations(), reference));
      clock.add(each.clock());
    }
    table.add(line("the clock alone", clock, List.of()));
    return table.write();
  }

  /** Returns the percentiles and the largest value. */
  private static List<Double> values(Histogram histogram) {
    List<Double> values = new ArrayList<>();
    PERCENTILES.forEach(
        percentile -> values.add((double) histogram.getValueAtPercentile(percentile)));
    values.add((double) histogram.getMaxValue());
    return values;
  }

  private static List<String> line(String name, Histogram histogram, List<Double> reference) {
    List<String> cells = new ArrayList<>(List.of(name));
    List<Double> values = values(histogram);
    for (int column = 0; column < values.size(); column++) {
      String nanos = Numbers.whole(values.get(column));
      cells.add(
          reference.isEmpty()
              ? nanos
              : nanos + Numbers.inBrackets(values.get(column) / reference.get(column)));
    }
    cells.add(Numbers.whole((double) histogram.getTotalCount()));
    return cells;
  }
}
