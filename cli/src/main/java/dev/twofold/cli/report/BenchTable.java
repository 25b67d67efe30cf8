package dev.twofold.cli.report;

import com.github.freva.asciitable.AsciiTable;
import dev.twofold.cli.bench.BenchResult;
import dev.twofold.cli.bench.BenchSettings;
import dev.twofold.cli.bench.Metric;
import dev.twofold.cli.bench.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes what came of a workload for people. */
public final class BenchTable {

  private static final int QUARTERS = 4;
  private static final int PAGE_BYTES = 4096;

  private BenchTable() {}

  private record Line(String name, String median, String min, String max, String yardsticks) {}

  private record Point(int round, double score) {}

  /**
   * Writes a result.
   *
   * @param result the result
   * @return tables and notes of many lines
   */
  public static String write(BenchResult result) {
    List<String> parts = new ArrayList<>();
    parts.add(heading(result));
    parts.add(figures(result));
    if (!result.scores().isEmpty()) {
      parts.add("");
      parts.add("Free pages that lie in wholly free 2 MiB blocks");
      parts.add(scores(result.scores()));
    }
    parts.add("");
    parts.add(metadata(result));
    parts.add("Everything was freed, and the allocator then equals a new one.");
    return Columns.strip(String.join("\n", parts));
  }

  private static String heading(BenchResult result) {
    BenchSettings settings = result.settings();
    return String.format(
        Locale.ROOT,
        "%s, order %d, %,d %s%s%s, %,d pages of 4 KiB%s, seed %d",
        result.kind().title(),
        settings.order(),
        settings.threads().count(),
        settings.threads().virtual() ? "virtual " : "",
        settings.threads().count() == 1 ? "thread" : "threads",
        settings.memory().confined() ? ", confined" : "",
        settings.memory().sizeBytes() / PAGE_BYTES,
        settings.shattered() ? " shattered at first" : "",
        settings.seed());
  }

  private static String figures(BenchResult result) {
    double yardstick = result.yardstick().median();
    List<Line> lines = new ArrayList<>();
    result.figures().forEach((metric, samples) -> lines.add(line(metric, samples, yardstick)));
    lines.add(nanos("atomic increment, ns (yardstick)", result.yardstick(), yardstick));
    result
        .sharedYardstick()
        .ifPresent(
            samples -> lines.add(nanos("atomic increment, two threads, ns", samples, yardstick)));
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        lines,
        List.of(
            Columns.text("", Line::name),
            Columns.right("median", Line::median),
            Columns.right("min", Line::min),
            Columns.right("max", Line::max),
            Columns.right("yardsticks", Line::yardsticks)));
  }

  private static Line line(Metric metric, Samples samples, double yardstick) {
    return metric.nanos()
        ? nanos(metric.title(), samples, yardstick)
        : new Line(
            metric.title(),
            Columns.number(Math.round(samples.median())),
            Columns.number(Math.round(samples.min())),
            Columns.number(Math.round(samples.max())),
            "");
  }

  private static Line nanos(String name, Samples samples, double yardstick) {
    return new Line(
        name,
        decimal(samples.median()),
        decimal(samples.min()),
        decimal(samples.max()),
        decimal(samples.median() / yardstick));
  }

  /** The first score, the last, and those at the quarters in between. */
  private static String scores(List<Double> scores) {
    List<Integer> rounds = new ArrayList<>(List.of(1));
    for (int quarter = 1; quarter <= QUARTERS; quarter++) {
      rounds.add(Math.max(1, scores.size() * quarter / QUARTERS));
    }
    List<Point> points =
        rounds.stream().distinct().map(round -> new Point(round, scores.get(round - 1))).toList();
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        points,
        List.of(
            Columns.right("round", point -> Columns.number(point.round())),
            Columns.right("score, %", point -> String.format(Locale.ROOT, "%.2f", point.score()))));
  }

  private static String metadata(BenchResult result) {
    return String.format(
        Locale.ROOT,
        "The heap grew by %,d bytes with the allocator: %.2f a page.",
        result.metadataBytes(),
        (double) result.metadataBytes() * PAGE_BYTES / result.settings().memory().sizeBytes());
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
