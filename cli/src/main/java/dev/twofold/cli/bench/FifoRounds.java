package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;

/**
 * NBBS's linux-scalability and threadtest: each thread allocates some blocks and frees them in the
 * order they came, again and again. The larger the blocks, the fewer of them in the more rounds.
 */
final class FifoRounds implements Workload {

  private static final int SCALABILITY_ROUNDS = 2;
  private static final int SCALABILITY_PAGES = 87_040;
  private static final int THREADTEST_ROUNDS = 500;
  private static final int THREADTEST_PAGES = 50_000;

  private final BenchSettings settings;
  private final int rounds;
  private final int blocks;

  private FifoRounds(BenchSettings settings, int roundsOfPages, int pages) throws BenchException {
    this.settings = settings;
    rounds = roundsOfPages << settings.order();
    blocks = settings.requireSome(pages >> settings.order(), "the number of blocks in a round");
  }

  static Workload linuxScalability(BenchSettings settings) throws BenchException {
    return new FifoRounds(settings, SCALABILITY_ROUNDS, SCALABILITY_PAGES);
  }

  static Workload threadtest(BenchSettings settings) throws BenchException {
    int pages = THREADTEST_PAGES / settings.threads().count();
    return new FifoRounds(settings, THREADTEST_ROUNDS, pages);
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    int threads = settings.threads().count();
    int order = settings.order();
    Laps gets = new Laps(threads);
    Laps puts = new Laps(threads);
    settings
        .threads()
        .run(
            (thread, crew) -> {
              Share share = Share.of(allocator, blocks);
              crew.lineUp();
              for (int round = 0; round < rounds; round++) {
                gets.time(thread, () -> share.allocate(order));
                puts.time(thread, share::freeFifo);
              }
            });
    long operations = (long) blocks * rounds;
    return Outcome.ofPhases(gets, puts, operations);
  }
}
