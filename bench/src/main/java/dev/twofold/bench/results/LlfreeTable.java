package dev.twofold.bench.results;

import dev.twofold.bench.results.WorkloadResult.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of LLFree's workloads in Twofold and in LLFree itself. */
final class LlfreeTable {

  private static final String LLFREE = "LLFree's";
  private static final String PAIR = "pairNanos";
  private static final List<String> PARTS = List.of("getNanos", "putNanos");

  private LlfreeTable() {}

  /** A line for every run of both. */
  static String write(RawFolder raw) {
    List<String> headers = new ArrayList<>(List.of("ns of one operation", "order", "threads"));
    PARTS.forEach(part -> headers.addAll(List.of(WorkloadTables.TIMES.get(part), LLFREE)));
    headers.addAll(List.of("both", LLFREE, "times twofold's"));
    Table table = new Table(headers);
    for (String workload : WorkloadTables.TIMED) {
      for (WorkloadResult llfree : raw.workloadInLlfree(workload)) {
        twin(raw, llfree).ifPresent(twofold -> table.add(line(twofold, llfree)));
      }
    }
    return table.write();
  }

  private static Optional<WorkloadResult> twin(RawFolder raw, WorkloadResult llfree) {
    return raw.workloads().stream().filter(each -> each.isPlainTwinOf(llfree)).findFirst();
  }

  private static List<String> line(WorkloadResult twofold, WorkloadResult llfree) {
    List<String> line = new ArrayList<>();
    line.add("**" + twofold.workload() + "**");
    line.add(Integer.toString(twofold.order()));
    line.add(Integer.toString(twofold.threads()));
    for (String part : PARTS) {
      line.add(median(twofold, part));
      line.add(median(llfree, part));
    }
    line.add(Numbers.nanos(both(twofold)));
    line.add(Numbers.nanos(both(llfree)));
    line.add(Numbers.ratio(both(llfree) / both(twofold)));
    return line;
  }

  private static String median(WorkloadResult result, String part) {
    return result.sample(part).map(each -> Numbers.nanos(each.median())).orElse("");
  }

  /** Returns the time of an allocation and a free, however they were timed. */
  private static double both(WorkloadResult result) {
    return result
        .sample(PAIR)
        .map(Spread::median)
        .orElseGet(() -> PARTS.stream().mapToDouble(part -> timeOf(result, part)).sum());
  }

  private static double timeOf(WorkloadResult result, String part) {
    return result.sample(part).map(Spread::median).orElse(Double.NaN);
  }
}
