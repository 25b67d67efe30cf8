package dev.twofold.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Keeps {@value ChurnPlan#SLOTS} blocks alive and replaces one at random with each operation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChurnBenchmark {

  private static final long SEED = 1965;

  /** The allocator's name. */
  @Param("twofold")
  public String allocator;

  private final ChurnPlan plan = new ChurnPlan(SEED);
  private PageSource source;
  private int step;

  /** Opens the allocator and fills all slots. */
  @Setup
  public void fill() {
    source = Peer.named(allocator).open(ChurnPlan.SLOTS);
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

  /** Frees everything and closes the allocator. */
  @TearDown
  public void drain() {
    for (int slot = 0; slot < ChurnPlan.SLOTS; slot++) {
      source.free(slot);
    }
    source.close();
  }
}
