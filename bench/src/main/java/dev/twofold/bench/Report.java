package dev.twofold.bench;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.PrintStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The tables at the end of a run with one number of threads: a line for every allocator, a column
 * for every benchmark. One is of averages, the other of fastest iterations, which a busy machine
 * disturbs least.
 */
final class Report {

  private static final String REFERENCE = Peer.TWOFOLD.label();
  private static final String GARBAGE = "gc.alloc.rate.norm";
  private static final String NAME_FORMAT = "%-20s";
  private static final String CELL_FORMAT = " %26s";

  /**
   * The figures of one benchmark of one allocator; those that are not there are not numbers.
   *
   * @param mean average time of an operation in nanoseconds
   * @param error half of the 99.9 % confidence interval of the mean
   * @param least average time of an operation in the fastest iteration
   * @param garbageBytes heap memory that an operation leaves behind
   */
  private record Cell(double mean, double error, double least, double garbageBytes) {

    static final Cell NONE = new Cell(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    static Cell of(RunResult result) {
      Result<?> time = result.getPrimaryResult();
      return new Cell(
          time.getScore(), time.getScoreError(), time.getStatistics().getMin(), garbageOf(result));
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

  private final Map<String, Map<String, Cell>> lines = new LinkedHashMap<>();
  private final Set<String> columns = new LinkedHashSet<>();
  private final Map<String, Cell> others = new LinkedHashMap<>();

  private Report(Collection<RunResult> results) {
    results.forEach(this::add);
  }

  /** Prints the tables for each number of threads that there are results of. */
  static void printAll(Collection<RunResult> results, PrintStream out) {
    results.stream()
        .collect(groupingBy(result -> result.getParams().getThreads(), TreeMap::new, toList()))
        .forEach((threads, ofThem) -> new Report(ofThem).print(threads, out));
  }

  private void print(int threads, PrintStream out) {
    out.printf("%nThreads: %d; times are of one operation in one thread%n", threads);
    out.printf("%nMean ns/op ± its error (99.9 %%), times twofold's; heap bytes/op%n");
    printTable(out, Cell::mean, Cell::error);
    out.printf("%nns/op in the fastest iteration, times twofold's; heap bytes/op%n");
    printTable(out, Cell::least, cell -> Double.NaN);
    out.println();
    others.forEach(
        (name, cell) ->
            out.printf(
                "%s: %s ns, fastest %s ns%n",
                name, spread(cell.mean, cell.error), number(cell.least)));
  }

  private void printTable(
      PrintStream out, ToDoubleFunction<Cell> nanos, ToDoubleFunction<Cell> error) {
    out.printf(NAME_FORMAT, "allocator");
    columns.forEach(column -> out.printf(CELL_FORMAT, column));
    out.printf(CELL_FORMAT + "%n", "garbage");
    lines.forEach(
        (allocator, cells) -> {
          out.printf(NAME_FORMAT, allocator);
          for (String column : columns) {
            Cell cell = cells.getOrDefault(column, Cell.NONE);
            double ratio = nanos.applyAsDouble(cell) / nanos.applyAsDouble(reference(column));
            String text = spread(nanos.applyAsDouble(cell), error.applyAsDouble(cell));
            out.printf(CELL_FORMAT, text + ratio(ratio));
          }
          out.printf(CELL_FORMAT + "%n", garbage(cells.values()));
        });
  }

  private Cell reference(String column) {
    return lines.getOrDefault(REFERENCE, Map.of()).getOrDefault(column, Cell.NONE);
  }

  private static String spread(double nanos, double error) {
    return number(nanos) + (Double.isNaN(error) ? "" : " ±" + number(error));
  }

  private static String number(double nanos) {
    String format = nanos < 100 ? "%.1f" : "%.0f";
    return Double.isNaN(nanos) ? "-" : String.format(Locale.ROOT, format, nanos);
  }

  private static String ratio(double ratio) {
    return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, " %8.2fx", ratio);
  }

  private static String garbage(Collection<Cell> cells) {
    DoubleStream bytes = cells.stream().mapToDouble(Cell::garbageBytes);
    long[] sorted = bytes.mapToLong(Math::round).sorted().toArray();
    long least = sorted[0];
    long most = sorted[sorted.length - 1];
    return least == most ? least + " B" : least + " to " + most + " B";
  }

  private void add(RunResult result) {
    String benchmark = result.getPrimaryResult().getLabel();
    String allocator = result.getParams().getParam("allocator");
    if (allocator == null) {
      others.put(benchmark, Cell.of(result));
      return;
    }
    String order = result.getParams().getParam("order");
    String column = order == null ? benchmark : benchmark + " " + order;
    columns.add(column);
    lines.computeIfAbsent(allocator, name -> new HashMap<>()).put(column, Cell.of(result));
  }
}
