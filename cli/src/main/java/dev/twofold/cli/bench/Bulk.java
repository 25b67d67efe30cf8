package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.SplittableRandom;

/**
 * LLFree's bulk and rand: all threads fill half of the memory together, then free it together. In
 * bulk each thread frees its own blocks, the last one first; in rand the blocks of all threads are
 * shuffled and dealt out anew.
 */
final class Bulk implements Workload {

  private static final int PERCENT = 50;

  private final BenchSettings settings;
  private final boolean dealt;
  private final int blocksPerThread;
  private final int blocksOfAll;

  private Bulk(BenchSettings settings, boolean dealt) throws BenchException {
    this.settings = settings;
    this.dealt = dealt;
    blocksPerThread = settings.blocksPerThread(PERCENT);
    blocksOfAll =
        settings.requireSome(
            (long) blocksPerThread * settings.threads().count(), "the number of blocks");
  }

  static Workload own(BenchSettings settings) throws BenchException {
    return new Bulk(settings, false);
  }

  static Workload dealt(BenchSettings settings) throws BenchException {
    return new Bulk(settings, true);
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    int threads = settings.threads().count();
    int order = settings.order();
    Laps gets = new Laps(threads);
    Laps puts = new Laps(threads);
    Share all = Share.of(allocator, blocksOfAll);
    SplittableRandom random = settings.random(0);
    settings
        .threads()
        .run(
            (thread, crew) -> {
              Share share = all.part(thread * blocksPerThread, blocksPerThread);
              for (int round = 0; round < 1 << order; round++) {
                crew.lineUp();
                gets.time(thread, () -> share.allocate(order));
                crew.lineUp();
                if (dealt && thread == 0) {
                  all.shuffle(random);
                }
                if (dealt) {
                  crew.lineUp();
                }
                puts.time(thread, dealt ? share::freeFifo : share::freeLifo);
              }
            });
    long operations = (long) blocksPerThread << order;
    return Outcome.ofPhases(gets, puts, operations);
  }
}
