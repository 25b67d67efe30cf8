package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Blocks of geometric orders 0 to 6 fill memory to about three quarters, and random ones are
 * replaced. Does memory stay whole, or become whole if it was shattered before?
 */
final class Mix implements Workload {

  private static final int LARGEST_ORDER = 6;
  private static final int PERCENT = 75;
  private static final long OPERATIONS = 20_000_000;

  /** Pages of a block on the average: 1/2 for each of the orders 0 to 5, and 1 for order 6. */
  private static final int MEAN_PAGES = 4;

  private final BenchSettings settings;
  private final int pages;
  private final int slots;
  private final int operations;

  Mix(BenchSettings settings) throws BenchException {
    this.settings = settings;
    long share = settings.memory().blocks(0) / settings.threads().count();
    pages = settings.requireSome(share, "a thread's share of the memory");
    slots = settings.requireSome(share * PERCENT / 100 / MEAN_PAGES, "a thread's number of blocks");
    operations = settings.operationsPerThread(OPERATIONS);
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    int rounds = settings.effort().rounds().orElse(Frag.ROUNDS);
    List<Double> scores = new ArrayList<>();
    settings
        .threads()
        .run(
            (thread, crew) -> {
              SplittableRandom random = settings.random(thread);
              Share shards = shatter(allocator, crew, random);
              long[] blocks = fill(allocator, shards, random);
              long done = 0;
              for (int round = 1; round <= rounds; round++) {
                long until = (long) operations * round / rounds;
                crew.lineUp();
                replace(allocator, blocks, (int) (until - done), random);
                done = until;
                crew.lineUp();
                if (thread == 0) {
                  scores.add(Score.of(allocator.stats()));
                }
              }
              crew.lineUp();
              free(allocator, blocks);
            });
    return Outcome.scored(scores);
  }

  /** Holds a random half of all pages and returns them; none if memory is to be whole. */
  private Share shatter(BuddyAllocator allocator, Crew crew, SplittableRandom random) {
    if (!settings.shattered()) {
      return Share.of(allocator, 0);
    }
    Share all = Share.of(allocator, pages);
    all.allocate(0);
    crew.lineUp();
    all.shuffle(random);
    Share shards = all.part(0, pages / 2);
    all.part(shards.size(), pages - shards.size()).freeFifo();
    return shards;
  }

  /**
   * Fills all slots, and meanwhile frees the shards little by little. A slot stays empty if no free
   * block is large enough.
   */
  private long[] fill(BuddyAllocator allocator, Share shards, SplittableRandom random) {
    long[] blocks = new long[slots];
    int freed = 0;
    for (int slot = 0; slot < slots; slot++) {
      int due = (int) ((long) shards.size() * (slot + 1) / slots);
      shards.part(freed, due - freed).freeFifo();
      freed = due;
      blocks[slot] = allocator.tryAllocatePages(Plan.geometric(LARGEST_ORDER, random));
    }
    return blocks;
  }

  private static void replace(
      BuddyAllocator allocator, long[] blocks, int count, SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      int slot = random.nextInt(blocks.length);
      if (blocks[slot] != BuddyAllocator.NO_PAGES) {
        allocator.freePages(blocks[slot]);
      }
      blocks[slot] = allocator.tryAllocatePages(Plan.geometric(LARGEST_ORDER, random));
    }
  }

  private static void free(BuddyAllocator allocator, long[] blocks) {
    Arrays.stream(blocks)
        .filter(block -> block != BuddyAllocator.NO_PAGES)
        .forEach(allocator::freePages);
  }
}
