package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures and closing while other threads are at work. */
class ConcurrentObserversTest {

  private static final int WORKERS = 3;

  @Test
  void figuresCoverEveryPageOnce() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(
            Fixtures.pages(1, 100), Fixtures.pages(128, 64), Fixtures.pages(256, 31))) {
      AtomicInteger working = new AtomicInteger(WORKERS);
      Threads.platform(
          WORKERS + 1,
          thread -> {
            if (thread < WORKERS) {
              churn(allocator, thread);
              working.decrementAndGet();
            } else {
              observe(allocator, working);
            }
          });
      assertThat(allocator.stats().pagesFree()).isEqualTo(195);
      allocator.validate();
    }
  }

  private static void churn(BuddyAllocator allocator, int thread) {
    ArrayDeque<Long> held = new ArrayDeque<>();
    for (int operation = 0; operation < 60_000; operation++) {
      long address = allocator.tryAllocatePages((operation * 7 + thread) % 6);
      if (address != NO_PAGES) {
        held.add(address);
      }
      if (held.size() > 10 || (address == NO_PAGES && !held.isEmpty())) {
        allocator.freePages(held.remove());
      }
    }
    held.forEach(allocator::freePages);
  }

  private static void observe(BuddyAllocator allocator, AtomicInteger working) {
    while (working.get() > 0) {
      AllocatorStats stats = allocator.stats();
      assertThat(stats.pagesTotal()).isEqualTo(195);
      assertThat(stats.pagesFree()).isEqualTo(pages(stats.freeBlocks()));
      assertThat(stats.pagesAllocated()).isEqualTo(pages(stats.allocatedBlocks()));
      assertThat(stats.allocations() - stats.frees())
          .isEqualTo(stats.allocatedBlocks().stream().mapToLong(Long::longValue).sum());
    }
  }

  private static long pages(List<Long> blocks) {
    return IntStream.range(0, blocks.size()).mapToLong(k -> blocks.get(k) << k).sum();
  }

  /**
   * Every operation either does what it should or says that the allocator is closed. Memory is not
   * accessed meanwhile.
   */
  @Test
  void closingMayRaceWithAnything() {
    for (int round = 0; round < 300; round++) {
      BuddyAllocator allocator =
          Fixtures.allocator(Fixtures.memory(8 * PAGE_BYTES), Fixtures.memory(5 * PAGE_BYTES));
      int operationsBeforeClose = round;
      Threads.platform(
          WORKERS + 1,
          thread -> {
            if (thread == WORKERS) {
              useUntilClosed(allocator, operationsBeforeClose);
              allocator.close();
            } else {
              assertThat(useUntilClosed(allocator, Integer.MAX_VALUE)).isTrue();
            }
          });
    }
  }

  @Test
  void onlyOneOfRacingClosesClosesTheRegions() {
    for (int round = 0; round < 300; round++) {
      BuddyAllocator allocator = Fixtures.allocator(Fixtures.memory(PAGE_BYTES));
      Threads.platform(WORKERS, thread -> allocator.close());
    }
  }

  /** Returns whether the allocator was closed before the given number of operations. */
  private static boolean useUntilClosed(BuddyAllocator allocator, int operations) {
    try {
      for (int operation = 0; operation < operations; operation++) {
        use(allocator);
      }
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static void use(BuddyAllocator allocator) {
    long address = allocator.tryAllocatePages(0);
    assertThat(address).isNotEqualTo(NO_PAGES);
    assertThat(allocator.segment(address).address()).isEqualTo(address);
    assertThat(allocator.stats().pagesAllocated()).isBetween(1L, WORKERS + 1L);
    allocator.freePages(address);
  }
}
