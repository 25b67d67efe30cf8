package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and frees that race: who must win does, and nobody else. */
class ConcurrentRefusalTest {

  private static final int ROUNDS = 3_000;

  /**
   * As many blocks as threads, each in a tree of its own, and each thread holds one at most: who
   * asks, holds none, so that one block at least is free at every moment, if not always the same.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 8})
  void aRequestNeverFailsWhileSomeTreeHasABlock(int threads) {
    Region[] regions = new Region[threads];
    for (int region = 0; region < threads; region++) {
      regions[region] = Fixtures.pages(2L * region, 1);
    }
    try (BuddyAllocator allocator = Fixtures.allocator(regions)) {
      Threads.platform(
          threads,
          thread -> {
            for (int operation = 0; operation < 400_000 / threads; operation++) {
              allocator.freePages(allocator.allocatePages(0));
            }
          });
      assertThat(allocator.stats().failedAllocations()).isZero();
      allocator.validate();
    }
  }

  /**
   * As many blocks of four pages as threads, of which each holds a block of at most four pages: at
   * every moment one of the larger blocks is untouched. Trees of different sizes; requests split
   * and frees merge.
   */
  @ParameterizedTest
  @ValueSource(ints = {4, 7})
  void aRequestNeverFailsWhileBlocksAreSplitAndMerged(int threads) {
    try (BuddyAllocator allocator =
        Fixtures.allocator(
            Fixtures.pages(4, 4), Fixtures.pages(16, 8), Fixtures.pages(32, 4L * (threads - 3)))) {
      Threads.platform(
          threads,
          thread -> {
            for (int operation = 0; operation < 300_000 / threads; operation++) {
              allocator.freePages(allocator.allocatePages((operation + thread) % 3));
            }
          });
      assertThat(allocator.stats().failedAllocations()).isZero();
      assertThat(Fixtures.allocateAll(allocator, 2)).hasSize(threads);
      allocator.validate();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void ofRacingFreesOneWins(int threads) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 64)) {
      AtomicLong block = new AtomicLong(allocator.allocatePages(0));
      AtomicInteger wins = new AtomicInteger();
      AtomicInteger rounds = new AtomicInteger();
      CyclicBarrier barrier =
          new CyclicBarrier(
              threads,
              () -> {
                assertThat(wins.getAndSet(0)).isEqualTo(rounds.get() == 0 ? 0 : 1);
                block.set(allocator.allocatePages(rounds.getAndIncrement() % 4));
              });
      allocator.freePages(block.get());
      Threads.platform(
          threads,
          thread -> {
            for (int round = 0; round < ROUNDS; round++) {
              barrier.await();
              wins.addAndGet(freed(allocator, block.get()));
            }
          });
      assertThat(wins).hasValue(1);
      assertThat(allocator.stats().frees()).isEqualTo(ROUNDS + 1);
      assertThat(allocator.stats().pagesFree()).isEqualTo(64);
      allocator.validate();
    }
  }

  private static int freed(BuddyAllocator allocator, long address) {
    try {
      allocator.freePages(address);
      return 1;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("is not allocated");
      return 0;
    }
  }

  @Test
  void ofRacingRequestsForTheLastBlockOneWins() {
    int threads = 4;
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1)) {
      AtomicInteger wins = new AtomicInteger();
      CyclicBarrier start = new CyclicBarrier(threads);
      CyclicBarrier end =
          new CyclicBarrier(
              threads,
              () -> {
                assertThat(wins.getAndSet(0)).isOne();
                allocator.freePages(0);
              });
      Threads.platform(
          threads,
          thread -> {
            for (int round = 0; round < ROUNDS; round++) {
              start.await();
              if (allocator.tryAllocatePages(0) != NO_PAGES) {
                wins.incrementAndGet();
              }
              end.await();
            }
          });
      assertThat(allocator.stats().allocations()).isEqualTo(ROUNDS);
      assertThat(allocator.stats().failedAllocations()).isEqualTo(ROUNDS * (threads - 1L));
    }
  }

  @Test
  void interiorFreesNeverSucceedWhileBlocksComeAndGo() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      Threads.platform(
          4,
          thread -> {
            for (int operation = 0; operation < 50_000; operation++) {
              if (thread < 2) {
                allocator.freePages(allocator.allocatePages(2));
              } else {
                assertThat(refused(allocator, (1 + operation % 3) * PAGE_BYTES)).isTrue();
              }
            }
          });
      allocator.validate();
      assertThat(allocator.stats().pagesFree()).isEqualTo(8);
    }
  }

  private static boolean refused(BuddyAllocator allocator, long address) {
    try {
      allocator.freePages(address);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
