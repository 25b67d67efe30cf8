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

/** Allocates a block and frees it at once, from an allocator that holds nothing else. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PairBenchmark {

  /** The allocator's name. */
  @Param("twofold")
  public String allocator;

  /** The block's order. */
  @Param({"0", "3", "6", "9"})
  public int order;

  private PageSource source;

  /** Opens the allocator. */
  @Setup
  public void open() {
    source = Peer.named(allocator).open(1);
  }

  /** One pair. */
  @Benchmark
  public void pair() {
    source.allocate(0, order);
    source.free(0);
  }

  /** Closes the allocator. */
  @TearDown
  public void close() {
    source.close();
  }
}
