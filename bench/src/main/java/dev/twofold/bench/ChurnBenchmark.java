package dev.twofold.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Each thread keeps {@value ChurnPlan#SLOTS} blocks alive and replaces one at random with each
 * operation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChurnBenchmark {

  private static final long SEED = 1965;

  private ChurnPlan plan;
  private PageSource source;
  private int step;

  /**
   * Fills all slots of the calling thread.
   *
   * @param heap the allocator
   * @param thread tells the thread's number: each does something else
   */
  @Setup
  public void fill(SharedHeap heap, ThreadParams thread) {
    plan = new ChurnPlan(SEED + thread.getThreadIndex());
    source = heap.source(ChurnPlan.SLOTS);
    for (int slot = 0; slot < ChurnPlan.SLOTS; slot++) {
      source.allocate(slot, ChurnPlan.order(plan.operation(slot)));
    }
  }

  /** Frees the block in a random slot and allocates another. */
  @Benchmark
  public void churn() {
    int operation = plan.operation(step++);
    int slot = ChurnPlan.slot(operation);
    source.free(slot);
    source.allocate(slot, ChurnPlan.order(operation));
  }

  /**
   * Frees everything.
   *
   * @param heap the allocator
   */
  @TearDown
  public void drain(SharedHeap heap) {
    for (int slot = 0; slot < ChurnPlan.SLOTS; slot++) {
      source.free(slot);
    }
    heap.leave(source);
  }
}
