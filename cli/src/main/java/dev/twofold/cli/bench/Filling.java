package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** LLFree's filling: whether allocation gets slower as memory fills up. */
final class Filling implements Workload {

  private static final List<Integer> LEVELS = List.of(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99);
  private static final int BATCHES = 100;

  private final BenchSettings settings;
  private final int batch;

  Filling(BenchSettings settings) throws BenchException {
    this.settings = settings;
    batch = settings.blocksPerThread(1);
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    Map<Metric, Double> figures = new LinkedHashMap<>();
    for (int percent : LEVELS) {
      run(allocator, percent)
          .figures()
          .forEach(
              (metric, nanos) -> {
                figures.merge(metric, nanos / LEVELS.size(), Double::sum);
                figures.put(metric.at(percent), nanos);
              });
    }
    return Outcome.timed(figures);
  }

  private Outcome run(BuddyAllocator allocator, int percent) throws BenchException {
    int threads = settings.threads().count();
    int order = settings.order();
    int held = percent == 0 ? 0 : settings.blocksPerThread(percent);
    Laps gets = new Laps(threads);
    Laps puts = new Laps(threads);
    settings
        .threads()
        .run(
            (thread, crew) -> {
              Share filling = Share.of(allocator, held);
              Share share = Share.of(allocator, batch);
              filling.allocate(order);
              crew.lineUp();
              for (int i = 0; i < BATCHES; i++) {
                gets.time(thread, () -> share.allocate(order));
                puts.time(thread, share::freeLifo);
              }
              crew.lineUp();
              filling.freeLifo();
            });
    return Outcome.ofPhases(gets, puts, (long) batch * BATCHES);
  }
}
