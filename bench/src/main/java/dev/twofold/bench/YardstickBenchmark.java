package dev.twofold.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
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

  private static final VarHandle COUNTER = counterHandle();

  /** In the state itself, which JMH keeps in cache lines of its own. */
  @SuppressWarnings("UnusedVariable") // The handle reads and writes it.
  private volatile long counter;

  /**
   * One atomic increment that no other thread competes for.
   *
   * @return the former count, so that the increment is not optimised away
   */
  @Benchmark
  public long atomicIncrement() {
    return (long) COUNTER.getAndAdd(this, 1L);
  }

  private static VarHandle counterHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(YardstickBenchmark.class, "counter", long.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the counter is a field of this class", e);
    }
  }
}
