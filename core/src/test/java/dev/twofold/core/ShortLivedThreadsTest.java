package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Threads that come, free what others left, leave blocks of their own, and end: whatever they drew
 * on or remembered, no page is lost with them, and nobody has to drain for it.
 */
class ShortLivedThreadsTest {

  private static final int OPERATIONS_OF_A_THREAD = 24;
  private static final int LARGEST_ORDER = 6;
  private static final int ANYBODY = 1;

  /** A block that outlives the thread that allocated it. */
  private record Block(long address, int order) {}

  private final Queue<Block> left = new ConcurrentLinkedQueue<>();
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();

  /**
   * In the small memory nearly everything is allocated, so that units are dense and threads
   * remember what they freed; in the large one half is free, so that they draw on units.
   */
  @ParameterizedTest
  @CsvSource({
    // order of the memory, pages free at first, threads at once, generations, virtual
    "13,   200,   16, 200, false",
    "13,   200, 4000,   4, true",
    "17, 65536,   16, 200, false",
    "17, 65536, 4000,   4, true"
  })
  void strandNothing(int order, int free, int threads, int generations, boolean virtual) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << order)) {
      OverlapOracle oracle = new OverlapOracle(0, 1 << order);
      fill(allocator, oracle, (1 << order) - free);
      for (int generation = 1; generation <= generations; generation++) {
        long seed = (long) generation * threads;
        Threads.run(virtual, threads, thread -> live(allocator, oracle, seed + thread));
      }
      left.forEach(block -> free(allocator, oracle, block));
      assertThat(Fixtures.serves(allocator, order)).as("all memory in one block").isTrue();
      assertFigures(allocator, order);
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      assertThat(pages).as("all memory page by page").hasSize(1 << order);
      Fixtures.freeAll(allocator, pages);
      AsNew.assertAsNew(allocator);
    }
  }

  private void fill(BuddyAllocator allocator, OverlapOracle oracle, int pages) {
    SplittableRandom random = new SplittableRandom(pages);
    while (allocator.stats().pagesAllocated() < pages) {
      allocate(allocator, oracle, random);
    }
  }

  private void live(BuddyAllocator allocator, OverlapOracle oracle, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int operation = 0; operation < OPERATIONS_OF_A_THREAD; operation++) {
      Block block = random.nextBoolean() ? left.poll() : null;
      if (block == null) {
        allocate(allocator, oracle, random);
      } else {
        free(allocator, oracle, block);
      }
    }
  }

  private void allocate(BuddyAllocator allocator, OverlapOracle oracle, SplittableRandom random) {
    int order = Math.min(random.nextInt(LARGEST_ORDER + 1), random.nextInt(LARGEST_ORDER + 1));
    long address = allocator.tryAllocatePages(order);
    if (address == NO_PAGES) {
      refusals.incrementAndGet();
    } else {
      allocations.incrementAndGet();
      oracle.take(address, order, ANYBODY);
      left.add(new Block(address, order));
    }
  }

  private static void free(BuddyAllocator allocator, OverlapOracle oracle, Block block) {
    oracle.giveBack(block.address(), block.order(), ANYBODY);
    allocator.freePages(block.address());
  }

  /** One more allocation than the threads made: that of all memory. */
  private void assertFigures(BuddyAllocator allocator, int order) {
    AllocatorStats stats = allocator.stats();
    assertThat(stats.pagesFree()).isEqualTo(1L << order);
    assertThat(stats.freeBlocks().get(order)).isOne();
    assertThat(stats.allocations()).isEqualTo(allocations.get() + 1);
    assertThat(stats.frees()).isEqualTo(stats.allocations());
    assertThat(stats.merges()).isEqualTo(stats.splits()).isPositive();
    assertThat(stats.failedAllocations()).isEqualTo(refusals.get());
  }
}
