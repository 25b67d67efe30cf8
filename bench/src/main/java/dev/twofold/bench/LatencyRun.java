package dev.twofold.bench;

import dev.twofold.bench.results.Latencies;
import dev.twofold.bench.results.RawFileException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** The JVM that {@link LatencyCommand} starts for one allocator. */
final class LatencyRun {

  private static final long SEED = 1965;

  /** Operations between two looks at the clock; the compiler sees many calls instead of a few. */
  private static final int CHUNK = 10_000;

  private final ChurnPlan plan = new ChurnPlan(SEED);
  private final PageSource source;
  private int step;

  private LatencyRun(PageSource source) {
    this.source = source;
  }

  /**
   * Measures one allocator and writes the file.
   *
   * @param arguments the allocator, how many operations to warm up with and how many to record, and
   *     the file
   * @throws RawFileException if the file can't be written
   */
  public static void main(String[] arguments) throws RawFileException {
    Latencies latencies =
        measure(arguments[0], Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
    latencies.write(Path.of(arguments[3]));
  }

  /** Measures one allocator with a churn on the calling thread. */
  static Latencies measure(String allocator, long warmUps, long operations) {
    try (PageHeap heap = Peer.named(allocator).open(1);
        PageSource source = heap.source(ChurnPlan.SLOTS)) {
      LatencyRun run = new LatencyRun(source);
      run.fill();
      run.record(allocator, warmUps);
      Latencies latencies = run.record(allocator, operations);
      run.drain();
      return latencies;
    }
  }

  private void fill() {
    for (int slot = 0; slot < ChurnPlan.SLOTS; slot++) {
      source.allocate(slot, ChurnPlan.order(plan.operation(slot)));
    }
  }

  private void drain() {
    for (int slot = 0; slot < ChurnPlan.SLOTS; slot++) {
      source.free(slot);
    }
  }

  /** Records every one of many operations, and as often what the clock costs by itself. */
  private Latencies record(String allocator, long operations) {
    Latencies latencies =
        new Latencies(allocator, Latencies.newHistogram(), Latencies.newHistogram());
    for (long left = operations; left > 0; left -= CHUNK) {
      int count = (int) Math.min(left, CHUNK);
      churn(latencies.operations(), count);
      readClock(latencies.clock(), count);
    }
    return latencies;
  }

  private void churn(Histogram histogram, int count) {
    for (int i = 0; i < count; i++) {
      int operation = plan.operation(step++);
      int slot = ChurnPlan.slot(operation);
      int order = ChurnPlan.order(operation);
      long begin = System.nanoTime();
      source.free(slot);
      source.allocate(slot, order);
      long end = System.nanoTime();
      histogram.recordValue(end - begin);
    }
  }

  private static void readClock(Histogram histogram, int count) {
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      long end = System.nanoTime();
      histogram.recordValue(end - begin);
    }
  }
}
