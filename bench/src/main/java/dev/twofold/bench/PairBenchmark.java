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

/**
 * Each thread allocates a block and frees it at once, from an allocator that holds nothing else.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PairBenchmark {

  /** Many, so that the one in use lies in no cache line with something of another thread. */
  private static final int SLOTS = 128;

  private static final int SLOT = SLOTS / 2;

  /** The block's order. */
  @Param({"0", "3", "6", "9"})
  public int order;

  private PageSource source;

  /**
   * Opens a source for the calling thread.
   *
   * @param heap the allocator
   */
  @Setup
  public void open(SharedHeap heap) {
    source = heap.source(SLOTS);
  }

  /** One pair. */
  @Benchmark
  public void pair() {
    source.allocate(SLOT, order);
    source.free(SLOT);
  }

  /**
   * Closes the source.
   *
   * @param heap the allocator
   */
  @TearDown
  public void close(SharedHeap heap) {
    heap.leave(source);
  }
}
