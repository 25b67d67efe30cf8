package dev.twofold.cli.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.twofold.cli.replay.Latencies;
import dev.twofold.cli.replay.Timing;
import dev.twofold.cli.replay.Traffic;
import dev.twofold.core.AllocatorStats;
import dev.twofold.core.BuddyAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes a report for people. */
public final class ReplayTable {

  private static final String UNITS = "BKMGTPE";
  private static final int NOTE_WIDTH = 100;

  private ReplayTable() {}

  private record Line(String name, String value, String note) {}

  private record Calls(String name, Latencies latencies) {}

  /**
   * Writes a report.
   *
   * @param report the report
   * @return tables and notes of many lines
   */
  public static String write(ReplayReport report) {
    Timing timing = report.result().timing();
    String text =
        String.join(
            "\n",
            "Replay of " + String.join(", ", report.traces()),
            summary(report),
            "",
            "Time of a call in ns; reading the clock accounts for about %d of each"
                .formatted(timing.clockNanos()),
            latencies(timing),
            "",
            "Free blocks after the last event; fragmentation indices in thousandths",
            orders(report.result().end()),
            "");
    return text.lines().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String summary(ReplayReport report) {
    Traffic traffic = report.result().traffic();
    AllocatorStats end = report.result().end();
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("events", number(traffic.events()), rates(report)));
    lines.add(new Line("allocations", number(traffic.allocations()), failed(traffic)));
    lines.add(
        new Line(
            "frees", number(traffic.frees()), number(traffic.unmatchedFrees()) + " unmatched"));
    lines.add(new Line("skipped lines", number(report.skippedLines()), skipped(report)));
    lines.add(
        new Line(
            "live pages, peak",
            number(traffic.livePagesPeak()),
            share(traffic.livePagesPeak(), end)));
    lines.add(
        new Line(
            "live pages, end", number(traffic.livePagesEnd()), share(traffic.livePagesEnd(), end)));
    lines.add(new Line("splits, merges", number(end.splits()), number(end.merges()) + " merges"));
    lines.add(new Line("all freed", report.result().drained() ? "yes" : "NO", drained(report)));
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        lines,
        List.of(text("", Line::name), right("", Line::value), text("", Line::note)));
  }

  private static String rates(ReplayReport report) {
    return String.format(
        Locale.ROOT,
        "%.1f ns each in the allocator; %,.0f a second in all",
        report.nanosPerEvent(),
        report.eventsPerSecond());
  }

  private static String failed(Traffic traffic) {
    return number(traffic.failedAllocations()) + " failed";
  }

  private static String skipped(ReplayReport report) {
    return number(report.failedInRecording()) + " of them allocations that failed when recorded";
  }

  private static String share(long pages, AllocatorStats end) {
    return String.format(
        Locale.ROOT,
        "%.1f %% of %,d pages of %,d bytes",
        pages * 100.0 / end.pagesTotal(),
        end.pagesTotal(),
        end.pageSizeBytes());
  }

  private static String drained(ReplayReport report) {
    return report.result().drained()
        ? "the allocator then equals a new one"
        : "the allocator then differs from a new one";
  }

  private static String latencies(Timing timing) {
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        List.of(new Calls("allocate", timing.allocations()), new Calls("free", timing.frees())),
        List.of(
            text("", Calls::name),
            right("p50", calls -> number(calls.latencies().p50())),
            right("p99", calls -> number(calls.latencies().p99())),
            right("p99.9", calls -> number(calls.latencies().p999())),
            right("max", calls -> number(calls.latencies().max()))));
  }

  private static String orders(AllocatorStats end) {
    List<Integer> orders = new ArrayList<>();
    for (int order = 0; order <= BuddyAllocator.MAX_ORDER; order++) {
      orders.add(order);
    }
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        orders,
        List.of(
            right("order", order -> number(order)),
            right("block", order -> size(end.pageSizeBytes() << order)),
            right("free blocks", order -> number(end.freeBlocks().get(order))),
            right("unusable free", order -> number(end.unusableFreeIndex(order))),
            right("external", order -> number(end.externalFragmentationIndex(order)))));
  }

  private static <T> ColumnData<T> right(String header, Function<T, String> value) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.RIGHT)
        .dataAlign(HorizontalAlign.RIGHT)
        .with(value);
  }

  private static <T> ColumnData<T> text(String header, Function<T, String> value) {
    return new Column()
        .header(header)
        .dataAlign(HorizontalAlign.LEFT)
        .maxWidth(NOTE_WIDTH)
        .with(value);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String size(long bytes) {
    int unit = 0;
    long value = bytes;
    while (value >= 1024 && value % 1024 == 0 && unit < UNITS.length() - 1) {
      value >>= 10;
      unit++;
    }
    return value + " " + (unit == 0 ? "B" : UNITS.charAt(unit) + "iB");
  }
}
