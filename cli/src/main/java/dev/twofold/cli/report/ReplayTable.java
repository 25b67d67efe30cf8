package dev.twofold.cli.report;

import com.github.freva.asciitable.AsciiTable;
import dev.twofold.cli.replay.Latencies;
import dev.twofold.cli.replay.ReplayThreads;
import dev.twofold.cli.replay.Residency;
import dev.twofold.cli.replay.Timing;
import dev.twofold.cli.replay.Traffic;
import dev.twofold.core.AllocatorStats;
import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.MemoryStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Writes a report for people. */
public final class ReplayTable {

  private static final String UNITS = "BKMGTPE";

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
    return Columns.strip(text);
  }

  private static String summary(ReplayReport report) {
    Traffic traffic = report.result().traffic();
    AllocatorStats end = report.result().end();
    List<Line> lines = new ArrayList<>();
    lines.add(
        new Line("threads", Columns.number(report.result().threads().count()), threads(report)));
    lines.add(new Line("events", Columns.number(traffic.events()), rates(report)));
    lines.add(new Line("allocations", Columns.number(traffic.allocations()), failed(traffic)));
    lines.add(
        new Line(
            "frees",
            Columns.number(traffic.frees()),
            Columns.number(traffic.unmatchedFrees()) + " unmatched"));
    lines.add(new Line("skipped lines", Columns.number(report.skippedLines()), skipped(report)));
    lines.add(
        new Line(
            "live pages, peak",
            Columns.number(traffic.livePagesPeak()),
            share(traffic.livePagesPeak(), end)));
    lines.add(
        new Line(
            "live pages, end",
            Columns.number(traffic.livePagesEnd()),
            share(traffic.livePagesEnd(), end)));
    addMemory(lines, report);
    lines.add(
        new Line(
            "splits, merges",
            Columns.number(end.splits()),
            Columns.number(end.merges()) + " merges"));
    lines.add(new Line("all freed", report.result().drained() ? "yes" : "NO", drained(report)));
    return AsciiTable.getTable(
        AsciiTable.NO_BORDERS,
        lines,
        List.of(
            Columns.text("", Line::name),
            Columns.right("", Line::value),
            Columns.text("", Line::note)));
  }

  private static void addMemory(List<Line> lines, ReplayReport report) {
    Residency residency = report.result().residency();
    String whose = "bytes of the whole process, Java's own with them";
    lines.add(resident("resident, peak", residency.peakBytes(), whose + ", since it began"));
    lines.add(resident("resident, end", residency.nowBytes(), whose));
    MemoryStats memory = report.result().end().memory();
    lines.add(
        new Line(
            "committed, end",
            Columns.number(memory.committedBytes()),
            "bytes by the allocator's own figures; %s given back in %s calls"
                .formatted(
                    Columns.number(memory.decommittedBytesSoFar()),
                    Columns.number(memory.decommits()))));
  }

  private static Line resident(String name, OptionalLong bytes, String note) {
    return bytes.isPresent()
        ? new Line(name, Columns.number(bytes.getAsLong()), note)
        : new Line(name, "-", "not known on this system");
  }

  private static String threads(ReplayReport report) {
    ReplayThreads threads = report.result().threads();
    String used = Columns.number(threads.used()) + " took part";
    return threads.used() == threads.count()
        ? used
        : used + "; there was nothing to do for the others";
  }

  private static String rates(ReplayReport report) {
    return String.format(
        Locale.ROOT,
        "%.1f ns each in the allocator; %,.0f a second in all",
        report.nanosPerEvent(),
        report.eventsPerSecond());
  }

  private static String failed(Traffic traffic) {
    return Columns.number(traffic.failedAllocations()) + " failed";
  }

  private static String skipped(ReplayReport report) {
    return Columns.number(report.failedInRecording())
        + " of them allocations that failed when recorded";
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
            Columns.text("", Calls::name),
            Columns.right("p50", calls -> Columns.number(calls.latencies().p50())),
            Columns.right("p99", calls -> Columns.number(calls.latencies().p99())),
            Columns.right("p99.9", calls -> Columns.number(calls.latencies().p999())),
            Columns.right("max", calls -> Columns.number(calls.latencies().max()))));
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
            Columns.right("order", order -> Columns.number(order)),
            Columns.right("block", order -> size(end.pageSizeBytes() << order)),
            Columns.right("free blocks", order -> Columns.number(end.freeBlocks().get(order))),
            Columns.right("unusable free", order -> Columns.number(end.unusableFreeIndex(order))),
            Columns.right(
                "external", order -> Columns.number(end.externalFragmentationIndex(order)))));
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
