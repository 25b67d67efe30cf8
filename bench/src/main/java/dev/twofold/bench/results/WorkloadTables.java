package dev.twofold.bench.results;

import dev.twofold.bench.results.WorkloadResult.Spread;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of what {@code ./twofold bench} measured: of Twofold alone. */
final class WorkloadTables {

  static final List<String> TIMED = List.of("bulk", "rand", "repeat", "pair", "churn");
  private static final String MIX = "mix";
  static final List<String> SCORED = List.of("frag-user", "frag-kernel", MIX);

  /** What is timed, and what its columns are called. */
  static final Map<String, String> TIMES =
      Map.of("getNanos", "allocate", "putNanos", "free", "pairNanos", "both");

  static final List<String> COLUMNS = List.of("getNanos", "putNanos", "pairNanos");
  private static final int QUARTERS = 4;

  /** The number of threads whose rate is the measure of the others'. */
  private static final int REFERENCE_THREADS = 2;

  private static final String SHARED_YARDSTICK = "on shared lines, ns";
  private static final double MILLION = 1e6;

  private WorkloadTables() {}

  /** A line for every run of a timed workload. */
  static String times(RawFolder raw) {
    List<String> headers = new ArrayList<>(List.of("ns of one operation", "order", "threads"));
    for (String column : COLUMNS) {
      headers.add(TIMES.get(column) + " (least – most)");
      headers.add("yardsticks");
    }
    headers.add("yardstick, ns");
    headers.add(SHARED_YARDSTICK);
    Table table = new Table(headers);
    for (String workload : TIMED) {
      raw.workload(workload).forEach(result -> table.add(line(result)));
    }
    return table.write();
  }

  private static List<String> line(WorkloadResult result) {
    Optional<Spread> yardstick = result.sample(WorkloadResult.YARDSTICK);
    double unit = yardstick.map(Spread::median).orElse(Double.NaN);
    boolean drawn = result.workload().equals(JmhTables.CHURN);
    List<String> line = new ArrayList<>();
    line.add("**" + result.workload() + (result.confined() ? ", confined" : "") + "**");
    line.add(drawn ? "0 – 9" : Integer.toString(result.order()));
    line.add(threads(result));
    for (String column : COLUMNS) {
      Optional<Spread> time = result.sample(column);
      line.add(time.map(WorkloadTables::spread).orElse(""));
      line.add(time.map(each -> Numbers.nanos(each.median() / unit)).orElse(""));
    }
    line.add(yardstick.map(WorkloadTables::spread).orElse(Numbers.NONE));
    line.add(sharedYardstick(result));
    return line;
  }

  /** Returns nothing of a run of one thread. */
  private static String sharedYardstick(WorkloadResult result) {
    return result.sample(WorkloadResult.SHARED_YARDSTICK).map(WorkloadTables::spread).orElse("");
  }

  /** A line for every number of threads that share an allocator in the churn: what all do. */
  static String rates(RawFolder raw) {
    Table table =
        new Table(
            List.of(
                "million churn operations a second",
                "all threads (least – most)",
                "share",
                SHARED_YARDSTICK));
    double reference = rate(raw, REFERENCE_THREADS);
    for (WorkloadResult result : raw.workload(JmhTables.CHURN)) {
      Optional<Spread> rate = result.sample(WorkloadResult.RATE);
      if (rate.isPresent() && !result.confined()) {
        Spread millions = rate.get().times(1 / MILLION);
        String share = Numbers.percent(rate.get().median() / reference);
        table.add(
            List.of(
                "**" + threads(result) + "**", spread(millions), share, sharedYardstick(result)));
      }
    }
    return table.write();
  }

  private static double rate(RawFolder raw, int threads) {
    return raw.workload(JmhTables.CHURN).stream()
        .filter(result -> result.threads() == threads && !result.virtual())
        .flatMap(result -> result.sample(WorkloadResult.RATE).stream())
        .mapToDouble(Spread::median)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String threads(WorkloadResult result) {
    return Numbers.whole(result.threads()) + (result.virtual() ? " virtual" : "");
  }

  private static String spread(Spread spread) {
    return "%s (%s – %s)"
        .formatted(
            Numbers.nanos(spread.median()),
            Numbers.nanos(spread.least()),
            Numbers.nanos(spread.most()));
  }

  /** A line for every run of a scored workload: scores at some times, and of the second half. */
  static String scores(RawFolder raw) {
    List<String> headers = new ArrayList<>(List.of("%", "order", "threads", "first"));
    for (int quarter = 1; quarter <= QUARTERS; quarter++) {
      headers.add("after %d/%d".formatted(quarter, QUARTERS));
    }
    headers.add("mean of 2nd half");
    headers.add("least of it");
    Table table = new Table(headers);
    for (String workload : SCORED) {
      for (WorkloadResult result : raw.workload(workload)) {
        List<String> line = new ArrayList<>();
        line.add("**" + title(result) + "**");
        line.add(result.workload().equals(MIX) ? "0 – 6" : Integer.toString(result.order()));
        line.add(Integer.toString(result.threads()));
        line.add(Numbers.nanos(result.scores().getFirst()));
        for (int quarter = 1; quarter <= QUARTERS; quarter++) {
          int rounds = Math.max(1, result.scores().size() * quarter / QUARTERS);
          line.add(Numbers.nanos(result.scores().get(rounds - 1)));
        }
        DoubleSummaryStatistics half = secondHalf(result.scores());
        line.add(Numbers.nanos(half.getAverage()));
        line.add(Numbers.nanos(half.getMin()));
        table.add(line);
      }
    }
    return table.write();
  }

  private static DoubleSummaryStatistics secondHalf(List<Double> scores) {
    return scores.subList(scores.size() / 2, scores.size()).stream()
        .mapToDouble(Double::doubleValue)
        .summaryStatistics();
  }

  /** Returns the name of a scored run with its order, unless that is drawn at random. */
  static String titleAndOrder(WorkloadResult result) {
    return title(result)
        + (result.workload().equals(MIX) ? "" : ", order " + result.order())
        + (result.threads() == 1 ? "" : ", " + Numbers.threads(result.threads()));
  }

  /** Returns the name of a scored run, without its order. */
  static String title(WorkloadResult result) {
    return result.workload() + (result.shattered() ? ", shattered" : "");
  }
}
