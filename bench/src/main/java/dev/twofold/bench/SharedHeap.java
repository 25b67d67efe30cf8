package dev.twofold.bench;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The allocator that all threads of a benchmark draw on. */
@State(Scope.Benchmark)
public class SharedHeap {

  /** The allocator's name. */
  @Param("twofold")
  public String allocator;

  private final AtomicInteger users = new AtomicInteger();
  private PageHeap heap;

  /**
   * Opens the allocator.
   *
   * @param parameters tell how many threads there are
   */
  @Setup
  public void open(BenchmarkParams parameters) {
    heap = Peer.named(allocator).open(parameters.getThreads());
    users.set(parameters.getThreads());
  }

  /** Opens a source for the calling thread. */
  PageSource source(int slotCount) {
    return heap.source(slotCount);
  }

  /**
   * Closes a source, on the thread that opened it. The last thread to come closes the allocator:
   * JMH itself would have it closed by the first, while others still free their blocks.
   */
  void leave(PageSource source) {
    source.close();
    if (users.decrementAndGet() == 0) {
      heap.close();
    }
  }
}
