package dev.twofold.bench;

import java.io.PrintStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** The table at the end of a run: a line for every allocator, a column for every benchmark. */
final class Report {

  private static final String REFERENCE = Peer.TWOFOLD.label();
  private static final String GARBAGE = "gc.alloc.rate.norm";
  private static final String NAME_FORMAT = "%-16s";
  private static final String CELL_FORMAT = " %28s";

  /**
   * One figure.
   *
   * @param nanos average time of an operation
   * @param error half of the 99.9 % confidence interval, or not a number if there is none
   * @param garbageBytes heap memory that an operation leaves behind
   */
  record Cell(double nanos, double error, double garbageBytes) {

    String text(double referenceNanos) {
      String spread = Double.isNaN(error) ? "" : String.format(Locale.ROOT, " ±%s", number(error));
      String ratio =
          String.format(
              Locale.ROOT, " %8s", String.format(Locale.ROOT, "%.2fx", nanos / referenceNanos));
      return number(nanos) + spread + (Double.isNaN(referenceNanos) ? "" : ratio);
    }

    private static String number(double nanos) {
      return String.format(Locale.ROOT, nanos < 100 ? "%.1f" : "%.0f", nanos);
    }
  }

  private final Map<String, Map<String, Cell>> lines = new LinkedHashMap<>();
  private final Set<String> columns = new LinkedHashSet<>();
  private final Map<String, Cell> others = new LinkedHashMap<>();

  Report(Collection<RunResult> results) {
    for (RunResult result : results) {
      add(result);
    }
  }

  /** Prints the table. */
  void print(PrintStream out) {
    out.println();
    out.println("ns/op ± error of the mean (99.9 %), and how many times twofold's; heap bytes/op");
    out.printf(NAME_FORMAT, "allocator");
    columns.forEach(column -> out.printf(CELL_FORMAT, column));
    out.printf(CELL_FORMAT + "%n", "garbage");
    lines.forEach((allocator, cells) -> printLine(out, allocator, cells));
    others.forEach((name, cell) -> out.printf("%n%s: %s ns%n", name, cell.text(Double.NaN)));
  }

  private void printLine(PrintStream out, String allocator, Map<String, Cell> cells) {
    Map<String, Cell> reference = lines.getOrDefault(REFERENCE, Map.of());
    out.printf(NAME_FORMAT, allocator);
    for (String column : columns) {
      Cell cell = cells.get(column);
      Cell base = reference.get(column);
      double referenceNanos = base == null ? Double.NaN : base.nanos();
      out.printf(CELL_FORMAT, cell == null ? "-" : cell.text(referenceNanos));
    }
    out.printf(CELL_FORMAT + "%n", garbage(cells.values()));
  }

  private static String garbage(Collection<Cell> cells) {
    double least = cells.stream().mapToDouble(Cell::garbageBytes).min().orElse(Double.NaN);
    double most = cells.stream().mapToDouble(Cell::garbageBytes).max().orElse(Double.NaN);
    return Math.round(least) == Math.round(most)
        ? String.format(Locale.ROOT, "%d B", Math.round(most))
        : String.format(Locale.ROOT, "%d to %d B", Math.round(least), Math.round(most));
  }

  private void add(RunResult result) {
    Result<?> time = result.getPrimaryResult();
    Cell cell = new Cell(time.getScore(), time.getScoreError(), garbageOf(result));
    String allocator = result.getParams().getParam("allocator");
    if (allocator == null) {
      others.put(time.getLabel(), cell);
      return;
    }
    String order = result.getParams().getParam("order");
    String column = order == null ? time.getLabel() : time.getLabel() + " " + order;
    columns.add(column);
    lines.computeIfAbsent(allocator, name -> new HashMap<>()).put(column, cell);
  }

  @SuppressWarnings("rawtypes") // JMH's own signature.
  private static double garbageOf(RunResult result) {
    return result.getSecondaryResults().values().stream()
        .filter(secondary -> secondary.getLabel().endsWith(GARBAGE))
        .mapToDouble(Result::getScore)
        .findFirst()
        .orElse(Double.NaN);
  }
}
