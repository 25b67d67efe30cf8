package dev.twofold.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The raw figures of one run of {@code bench/results}.
 *
 * @param machine where they were taken
 * @param benchmarks what JMH found out
 * @param latencies of single operations, the fastest allocator first
 * @param workloads what {@code ./twofold bench} found out
 * @param llfree what {@code bench/llfree} found out about some of the same workloads
 */
record RawFolder(
    Machine machine,
    List<JmhResult> benchmarks,
    List<Latencies> latencies,
    List<WorkloadResult> workloads,
    List<WorkloadResult> llfree) {

  private static final String MACHINE = "machine.json";
  private static final String BENCHMARKS = "jmh.json";
  private static final String WORKLOADS = "bench-";
  private static final String LLFREE = "llfree-";
  private static final double MIDDLE = 50;

  /**
   * Reads a folder.
   *
   * @throws RawFileException if a file is missing or is not what it should be
   */
  static RawFolder read(Path folder) throws RawFileException {
    List<Latencies> latencies = new ArrayList<>();
    List<WorkloadResult> workloads = new ArrayList<>();
    List<WorkloadResult> llfree = new ArrayList<>();
    for (Path file : files(folder)) {
      String name = file.getFileName().toString();
      if (name.endsWith(Latencies.EXTENSION)) {
        latencies.add(Latencies.read(file));
      } else if (name.startsWith(WORKLOADS)) {
        workloads.add(WorkloadResult.read(file, "./twofold bench --json"));
      } else if (name.startsWith(LLFREE)) {
        llfree.add(WorkloadResult.read(file, "bench/llfree --json"));
      }
    }
    latencies.sort(
        Comparator.comparingLong(each -> each.operations().getValueAtPercentile(MIDDLE)));
    return new RawFolder(
        Machine.read(folder.resolve(MACHINE)),
        JmhResult.readAll(folder.resolve(BENCHMARKS)),
        latencies,
        workloads,
        llfree);
  }

  private static List<Path> files(Path folder) throws RawFileException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new RawFileException(
          "there is no folder %s of raw figures: run bench/results.".formatted(folder));
    }
  }

  /** Returns the numbers of threads that JMH measured with, the least first. */
  List<Integer> threadCounts() {
    return benchmarks.stream().map(JmhResult::threads).distinct().sorted().toList();
  }

  /** Returns what came of a benchmark with some number of threads, the fastest first. */
  List<JmhResult> benchmark(String name, int threads) {
    return benchmarks.stream()
        .filter(each -> each.benchmark().equals(name) && each.threads() == threads)
        .sorted(Comparator.comparingDouble(JmhResult::mean))
        .toList();
  }

  /** Returns what came of a workload, in the order of threads, then of orders. */
  List<WorkloadResult> workload(String name) {
    return named(name, workloads);
  }

  /** Returns what came of it in LLFree, in the same order. */
  List<WorkloadResult> workloadInLlfree(String name) {
    return named(name, llfree);
  }

  private static List<WorkloadResult> named(String name, List<WorkloadResult> workloads) {
    return workloads.stream()
        .filter(each -> each.workload().equals(name))
        .sorted(
            Comparator.comparingInt(WorkloadResult::threads)
                .thenComparingInt(WorkloadResult::order)
                .thenComparing(WorkloadResult::confined)
                .thenComparing(WorkloadResult::shattered))
        .toList();
  }
}
