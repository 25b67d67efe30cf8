package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Allocates a block and frees it at once: pair, NBBS's cached, and LLFree's repeat, where each
 * thread holds blocks meanwhile.
 */
final class Pair implements Workload {

  private static final long OPERATIONS = 8_000_000;
  private static final long CACHED_OPERATIONS = 5_000_000;
  private static final int REPEAT_PERCENT = 50;

  private final BenchSettings settings;
  private final int held;
  private final int pairs;

  private Pair(BenchSettings settings, int held, int pairs) {
    this.settings = settings;
    this.held = held;
    this.pairs = pairs;
  }

  /** Eight million pairs, divided among the threads. */
  static Workload pair(BenchSettings settings) throws BenchException {
    return new Pair(settings, 0, settings.operationsPerThread(OPERATIONS));
  }

  /** Five million pairs a thread. */
  static Workload cached(BenchSettings settings) throws BenchException {
    long all = CACHED_OPERATIONS * settings.threads().count();
    return new Pair(settings, 0, settings.operationsPerThread(all));
  }

  /** As many pairs as half of the memory has pages, which is full meanwhile. */
  static Workload repeat(BenchSettings settings) throws BenchException {
    int held = settings.blocksPerThread(REPEAT_PERCENT);
    int pairs = settings.requireSome((long) held << settings.order(), "the number of pairs");
    return new Pair(settings, held, pairs);
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    Laps laps = new Laps(settings.threads().count());
    int order = settings.order();
    settings
        .threads()
        .run(
            (thread, crew) -> {
              Share share = Share.of(allocator, held);
              share.allocate(order);
              crew.lineUp();
              laps.time(thread, () -> pairs(allocator, order, pairs, new AtomicLong()));
              crew.lineUp();
              share.freeLifo();
            });
    return Outcome.ofPairs(laps, pairs);
  }

  /**
   * The address goes through memory, where its user keeps it. Else the compiler sees that the pairs
   * of a confined allocator change nothing, and leaves out all but one of them.
   */
  private static void pairs(BuddyAllocator allocator, int order, int count, AtomicLong kept) {
    for (int i = 0; i < count; i++) {
      kept.setOpaque(allocator.allocatePages(order));
      allocator.freePages(kept.getOpaque());
    }
  }
}
