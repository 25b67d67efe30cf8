package dev.twofold.bench.results;

import dev.twofold.bench.results.Chart.Bar;
import dev.twofold.bench.results.WorkloadResult.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The plots of one run. Lines are listed from the top to the bottom where they end. */
final class Plots {

  private static final String NANOS_EACH = "ns of one operation in one thread";
  private static final double MEDIAN_OF = 2;
  private static final double RAREST = 100_000;
  private static final int STEPS_A_HALVING = 5;
  private static final double ALL = 100;

  private Plots() {}

  /**
   * Makes all plots that there are figures for.
   *
   * @return plots by the names of their files, without an ending
   */
  static SequencedMap<String, Chart> of(RawFolder raw) {
    SequencedMap<String, Chart> plots = new LinkedHashMap<>();
    for (int threads : raw.threadCounts()) {
      if (!raw.benchmark(JmhTables.CHURN, threads).isEmpty()) {
        plots.put("churn-" + threads, churn(raw, threads));
      }
      if (JmhTables.orders(raw.benchmark(JmhTables.PAIR, threads)).size() > 1) {
        plots.put("pair-" + threads, pair(raw, threads));
      }
    }
    if (raw.threadCounts().size() > 1
        && raw.threadCounts().stream()
            .noneMatch(threads -> raw.benchmark(JmhTables.CHURN, threads).isEmpty())) {
      plots.put("churn-threads", churnByThreads(raw));
    }
    if (!raw.latencies().isEmpty()) {
      plots.put("latency", latency(raw));
    }
    if (raw.workload("bulk").stream().map(WorkloadResult::order).distinct().count() > 1) {
      plots.put("workloads", workloads(raw));
    }
    if (!raw.workload("frag-user").isEmpty()) {
      plots.put("fragmentation", fragmentation(raw));
    }
    return plots;
  }

  private static Chart churn(RawFolder raw, int threads) {
    List<JmhResult> results = raw.benchmark(JmhTables.CHURN, threads);
    double reference =
        JmhTables.find(results, Numbers.REFERENCE, OptionalInt.empty())
            .map(JmhResult::mean)
            .orElse(Double.NaN);
    List<Bar> bars =
        results.stream()
            .map(
                each ->
                    new Bar(
                        each.allocator(),
                        String.format(
                            Locale.ROOT,
                            "%-21s%8s ns %8s",
                            each.allocator(),
                            Numbers.nanos(each.mean()),
                            Numbers.ratio(each.mean() / reference)),
                        each.mean(),
                        each.least(),
                        each.most()))
            .toList();
    return Chart.bars(
        "churn, %s: mean, times twofold's; thin line: fastest to slowest iteration"
            .formatted(Numbers.threads(threads)),
        NANOS_EACH,
        bars);
  }

  private static Chart pair(RawFolder raw, int threads) {
    List<JmhResult> results = raw.benchmark(JmhTables.PAIR, threads);
    List<OptionalInt> orders = JmhTables.orders(results);
    Chart chart =
        Chart.lines(
                "pair, %s: mean".formatted(Numbers.threads(threads)),
                "size of the block",
                NANOS_EACH)
            .logarithmicY()
            .namedX(orders.stream().map(order -> JmhTables.size(order.orElseThrow())).toList());
    List<JmhResult> last =
        results.stream().filter(each -> each.order().equals(orders.getLast())).toList();
    for (JmhResult end : last.reversed()) {
      addMeans(chart, end, orders, order -> JmhTables.find(results, end.allocator(), order));
    }
    return chart;
  }

  private static Chart churnByThreads(RawFolder raw) {
    List<Integer> counts = raw.threadCounts();
    Chart chart =
        Chart.lines("churn: mean", "threads", NANOS_EACH)
            .logarithmicY()
            .namedX(counts.stream().map(String::valueOf).toList());
    for (JmhResult end : raw.benchmark(JmhTables.CHURN, counts.getLast()).reversed()) {
      addMeans(
          chart,
          end,
          counts,
          threads ->
              JmhTables.find(
                  raw.benchmark(JmhTables.CHURN, threads), end.allocator(), OptionalInt.empty()));
    }
    return chart;
  }

  /** Adds an allocator's line, with a point at each place of the axis that has a result. */
  private static <T> void addMeans(
      Chart chart, JmhResult end, List<T> places, Function<T, Optional<JmhResult>> at) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int index = 0; index < places.size(); index++) {
      double place = index;
      at.apply(places.get(index))
          .ifPresent(
              each -> {
                x.add(place);
                y.add(each.mean());
              });
    }
    chart.add(end.allocator(), Palette.of(end.allocator()), x, y);
  }

  /** Over an axis on which every tenfold rarity is equally wide. */
  private static Chart latency(RawFolder raw) {
    Chart chart =
        Chart.lines(
                "churn, 1 thread: how long single operations take",
                "percentile of the operations",
                "ns of one operation, the clock's share included")
            .logarithmicY()
            .rarityX(RAREST);
    for (Latencies each : raw.latencies().reversed()) {
      Palette look = Palette.of(each.allocator()).withoutMarker();
      List<Double> x = new ArrayList<>();
      List<Double> y = new ArrayList<>();
      Histogram histogram = each.operations();
      for (HistogramIterationValue value : histogram.percentiles(STEPS_A_HALVING)) {
        double rarity = ALL / (ALL - value.getPercentileLevelIteratedTo());
        if (rarity >= MEDIAN_OF && rarity <= RAREST) {
          x.add(rarity);
          y.add((double) value.getValueIteratedTo());
        }
      }
      chart.add(each.allocator(), look, x, y);
    }
    return chart;
  }

  private static Chart workloads(RawFolder raw) {
    List<Integer> orders =
        raw.workload("bulk").stream().map(WorkloadResult::order).distinct().sorted().toList();
    Chart chart =
        Chart.lines("twofold bench, 1 thread: median", "size of the blocks", NANOS_EACH)
            .fromZero()
            .namedX(orders.stream().map(JmhTables::size).toList());
    int line = 0;
    for (String workload : WorkloadTables.TIMED) {
      for (String time : WorkloadTables.COLUMNS) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (WorkloadResult result : raw.workload(workload)) {
          boolean ofOneOrder = !workload.equals(JmhTables.CHURN);
          if (ofOneOrder && result.threads() == 1 && result.sample(time).isPresent()) {
            x.add((double) orders.indexOf(result.order()));
            y.add(result.sample(time).map(Spread::median).orElseThrow());
          }
        }
        if (x.size() > 1) {
          chart.add(
              workload + ", " + WorkloadTables.TIMES.get(time), Palette.numbered(line++), x, y);
        }
      }
    }
    return chart;
  }

  private static Chart fragmentation(RawFolder raw) {
    Chart chart =
        Chart.lines(
                "twofold bench: does memory become whole again?",
                "rounds, % of all",
                "free pages in wholly free 2 MiB blocks, %")
            .roundX(ALL)
            .fromTo(0, ALL);
    int line = 0;
    for (String workload : WorkloadTables.SCORED) {
      for (WorkloadResult result : raw.workload(workload)) {
        List<Double> scores = result.scores();
        List<Double> rounds =
            IntStream.rangeClosed(1, scores.size())
                .mapToObj(round -> ALL * round / scores.size())
                .toList();
        chart.add(
            WorkloadTables.titleAndOrder(result),
            Palette.numbered(line++).withoutMarker(),
            rounds,
            scores);
      }
    }
    return chart;
  }
}
