package dev.twofold.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What to hold other figures against: the price of synchronisation on this machine. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class YardstickBenchmark {

  private final AtomicLong counter = new AtomicLong();

  /**
   * One atomic increment that no other thread competes for.
   *
   * @return the counter, so that the increment is not optimised away
   */
  @Benchmark
  public long atomicIncrement() {
    return counter.incrementAndGet();
  }
}
