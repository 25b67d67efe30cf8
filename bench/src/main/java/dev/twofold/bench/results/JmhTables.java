package dev.twofold.bench.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The tables of what JMH measured. */
final class JmhTables {

  static final String CHURN = "churn";
  static final String PAIR = "pair";
  private static final String YARDSTICK = "atomicIncrement";
  private static final long PAGE_KIB = 4;
  private static final long KIB = 1024;

  private JmhTables() {}

  /** A line for every allocator, the fastest first, and the yardstick. */
  static String churn(RawFolder raw, int threads) {
    Table table =
        new Table(
            List.of(
                "ns of one churn operation",
                "mean ± error",
                "times twofold's",
                "fastest iteration",
                "times twofold's",
                "slowest iteration",
                "garbage, B"));
    List<JmhResult> results = raw.benchmark(CHURN, threads);
    Optional<JmhResult> reference = reference(results, OptionalInt.empty());
    results.forEach(each -> table.add(line("`" + each.allocator() + "`", each, reference)));
    raw.benchmark(YARDSTICK, threads)
        .forEach(each -> table.add(line("atomic increment (yardstick)", each, reference)));
    return table.write();
  }

  private static List<String> line(String name, JmhResult result, Optional<JmhResult> reference) {
    double mean = reference.map(JmhResult::mean).orElse(Double.NaN);
    double least = reference.map(JmhResult::least).orElse(Double.NaN);
    return List.of(
        name,
        Numbers.spread(result.mean(), result.error()),
        Numbers.ratio(result.mean() / mean),
        Numbers.nanos(result.least()),
        Numbers.ratio(result.least() / least),
        Numbers.nanos(result.most()),
        Numbers.whole(result.garbageBytes()));
  }

  /** A line for every allocator, the fastest at single pages first; a column for every order. */
  static String pair(RawFolder raw, int threads) {
    List<JmhResult> results = raw.benchmark(PAIR, threads);
    List<OptionalInt> orders = orders(results);
    List<String> headers = new ArrayList<>(List.of("ns of one pair"));
    orders.forEach(order -> headers.add(size(order.orElseThrow())));
    Table table = new Table(headers);
    for (String allocator : results.stream().map(JmhResult::allocator).distinct().toList()) {
      List<String> line = new ArrayList<>(List.of("`" + allocator + "`"));
      for (OptionalInt order : orders) {
        double reference = reference(results, order).map(JmhResult::mean).orElse(Double.NaN);
        line.add(
            find(results, allocator, order)
                .map(
                    each ->
                        Numbers.spread(each.mean(), each.error())
                            + Numbers.inBrackets(each.mean() / reference))
                .orElse(Numbers.NONE));
      }
      table.add(line);
    }
    return table.write();
  }

  /** Returns the orders that there are results of, the smallest first. */
  static List<OptionalInt> orders(List<JmhResult> results) {
    return results.stream()
        .map(JmhResult::order)
        .filter(OptionalInt::isPresent)
        .distinct()
        .sorted(Comparator.comparingInt(OptionalInt::orElseThrow))
        .toList();
  }

  /** Returns what came of an allocator with blocks of some order. */
  static Optional<JmhResult> find(List<JmhResult> results, String allocator, OptionalInt order) {
    return results.stream()
        .filter(each -> each.allocator().equals(allocator) && each.order().equals(order))
        .findFirst();
  }

  /** Returns the size of a block: 4 KiB, 2 MiB. */
  static String size(int order) {
    long kib = PAGE_KIB << order;
    return kib < KIB ? kib + " KiB" : kib / KIB + " MiB";
  }

  private static Optional<JmhResult> reference(List<JmhResult> results, OptionalInt order) {
    return find(results, Numbers.REFERENCE, order);
  }
}
