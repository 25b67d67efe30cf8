package dev.twofold.cli.bench;

import dev.twofold.cli.check.EndCheck;
import dev.twofold.cli.progress.Progress;
import dev.twofold.core.BuddyAllocator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Warms a workload up, repeats it, and checks what it leaves behind. Used once, by one thread. */
public final class Bench {

  /** Repetitions of a timed workload. */
  private static final int REPETITIONS = 5;

  private final WorkloadKind kind;
  private final BenchSettings settings;
  private final Workload workload;
  private final Map<Metric, List<Double>> figures = new LinkedHashMap<>();
  private final List<Double> scores = new ArrayList<>();

  /**
   * Prepares a run.
   *
   * @param kind the workload
   * @param settings how to run it
   * @throws BenchException if these settings don't fit the workload
   */
  public Bench(WorkloadKind kind, BenchSettings settings) throws BenchException {
    this.kind = kind;
    this.settings = settings;
    workload = kind.make(settings);
  }

  /**
   * Returns how many steps the run tells of.
   *
   * @return a number, at least 1
   */
  public int steps() {
    return kind.isTimed() ? settings.effort().rounds().orElse(REPETITIONS) : 1;
  }

  /**
   * Runs the workload.
   *
   * @param progress told of each repetition
   * @return what came of it
   * @throws BenchException if it can't be run, a thread fails, or the allocator is not as new
   *     afterwards
   */
  public BenchResult run(Progress progress) throws BenchException {
    Yardsticks yardsticks = new Yardsticks(settings.threads().count() > 1);
    if (kind.isTimed()) {
      warmUp();
    }
    HeapGauge heap = new HeapGauge();
    try (BuddyAllocator allocator = settings.memory().open()) {
      EndCheck check = new EndCheck(allocator);
      if (kind.isTimed()) {
        warmUp(allocator); // Lays out the metadata; and the compiler meets what a new one does.
      }
      for (int step = 0; step < steps(); step++) {
        yardsticks.measure();
        add(workload.run(allocator));
        progress.advance(1);
      }
      requireAsNew(check);
      return result(heap.growthBytes(), yardsticks);
    }
  }

  /** Warms up over an allocator of its own, which is closed then. */
  private void warmUp() throws BenchException {
    try (BuddyAllocator allocator = settings.memory().open()) {
      EndCheck check = new EndCheck(allocator);
      warmUp(allocator);
      requireAsNew(check);
    }
  }

  /** Runs the workload until half of the time for warming up has gone by, once at least. */
  private void warmUp(BuddyAllocator allocator) throws BenchException {
    long start = System.nanoTime();
    long nanos = settings.effort().warmUp().toNanos() / 2;
    do {
      workload.run(allocator);
    } while (System.nanoTime() - start < nanos);
  }

  private static void requireAsNew(EndCheck check) throws BenchException {
    List<String> wrong = check.run();
    if (!wrong.isEmpty()) {
      throw BenchException.failure(String.join(" ", wrong));
    }
  }

  private void add(Outcome outcome) {
    outcome
        .figures()
        .forEach(
            (metric, value) ->
                figures.computeIfAbsent(metric, first -> new ArrayList<>()).add(value));
    scores.addAll(outcome.scores());
  }

  private BenchResult result(long metadataBytes, Yardsticks yardsticks) {
    Map<Metric, Samples> samples = new LinkedHashMap<>();
    figures.forEach((metric, values) -> samples.put(metric, new Samples(values)));
    return new BenchResult(
        kind, settings, samples, scores, metadataBytes, yardsticks.alone(), yardsticks.shared());
  }
}
