package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A block that was freed before is refused and nothing changes, whoever freed it, whoever frees it
 * again, and whoever remembers where it is.
 */
class RepeatedFreeTest {

  private static final int PAGES = 1 << 12;
  private static final int RACERS = 4;

  /** Who has freed the block, and what has happened since. */
  enum Before {
    /** The thread that frees it again: its hint leads there. */
    SAME_THREAD {
      @Override
      void free(BuddyAllocator allocator, long block, Runnable again) {
        allocator.freePages(block);
        again.run();
      }
    },
    /** A thread that still lives. */
    PARKED_THREAD {
      @Override
      void free(BuddyAllocator allocator, long block, Runnable again) {
        CountDownLatch freed = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Threads.platform(
            2,
            thread -> {
              if (thread == 0) {
                allocator.freePages(block);
                freed.countDown();
                end.await();
              } else {
                freed.await();
                try {
                  again.run();
                } finally {
                  end.countDown();
                }
              }
            });
      }
    },
    /** A thread that has ended. */
    ENDED_THREAD {
      @Override
      void free(BuddyAllocator allocator, long block, Runnable again) {
        Threads.virtual(1, thread -> allocator.freePages(block));
        again.run();
      }
    },
    /** The same thread, and all has been merged since. */
    DRAINED {
      @Override
      void free(BuddyAllocator allocator, long block, Runnable again) {
        allocator.freePages(block);
        allocator.drain();
        again.run();
      }
    },
    /** The same thread, and the block was allocated and freed by another one since. */
    PASSED_ON {
      @Override
      void free(BuddyAllocator allocator, long block, Runnable again) {
        int order = allocator.orderAt(block);
        allocator.freePages(block);
        Threads.platform(
            1,
            thread -> {
              assertThat(allocator.allocatePages(order)).isEqualTo(block);
              allocator.freePages(block);
            });
        again.run();
      }
    };

    abstract void free(BuddyAllocator allocator, long block, Runnable again);
  }

  static Stream<Arguments> cases() {
    return Stream.of(Before.values())
        .flatMap(
            before -> Stream.of(0, 1, 4, 5, 8, 9, 11).map(order -> Arguments.of(before, order)));
  }

  /** All memory is allocated, so that the block's unit is dense and the block is remembered. */
  @ParameterizedTest
  @MethodSource("cases")
  void isRefused(Before before, int order) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, PAGES)) {
      List<Long> blocks = Fixtures.allocateAll(allocator, order);
      assertThat(allocator.stats().pagesFree()).isZero();
      long block = blocks.remove(blocks.size() / 2);
      before.free(allocator, block, () -> assertRefused(allocator, block));
      assertThat(allocator.allocatePages(order)).as("the only free block").isEqualTo(block);
      assertThat(allocator.tryAllocatePages(0)).isEqualTo(BuddyAllocator.NO_PAGES);
      blocks.add(block);
      Fixtures.freeAll(allocator, blocks);
      AsNew.assertAsNew(allocator);
    }
  }

  /** The figures settle what was freed; so the digest after them is that of what is free. */
  private static void assertRefused(BuddyAllocator allocator, long block) {
    refuse(allocator, block);
    AllocatorStats stats = allocator.stats();
    long digest = allocator.digest();
    refuse(allocator, block);
    assertThat(allocator.stats()).isEqualTo(stats);
    assertThat(allocator.digest()).isEqualTo(digest);
    Threads.platform(RACERS, thread -> refuse(allocator, block));
    assertThat(allocator.stats()).isEqualTo(stats);
    assertThat(allocator.digest()).isEqualTo(digest);
  }

  private static void refuse(BuddyAllocator allocator, long block) {
    assertThatThrownBy(() -> allocator.freePages(block))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0x%x is not allocated: it was freed before or never handed out", block);
  }

  /** A block that was just allocated by one thread is freed by several: one wins. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 9})
  void whoJustAllocatedItRacesWithOthers(int order) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, PAGES)) {
      long[] block = new long[1];
      AtomicInteger wins = new AtomicInteger();
      CyclicBarrier barrier = new CyclicBarrier(RACERS);
      int rounds = 500;
      Threads.platform(
          RACERS,
          thread -> {
            for (int round = 0; round < rounds; round++) {
              if (thread == round % RACERS) {
                block[0] = allocator.allocatePages(order);
              }
              barrier.await();
              wins.addAndGet(freed(allocator, block[0]));
              barrier.await();
            }
          });
      assertThat(wins).hasValue(rounds);
      AsNew.assertAsNew(allocator);
    }
  }

  private static int freed(BuddyAllocator allocator, long block) {
    try {
      allocator.freePages(block);
      return 1;
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  /** What a thread remembers of blocks that others took since is worth nothing: it gets others. */
  @ParameterizedTest
  @EnumSource(
      value = Before.class,
      names = {"SAME_THREAD", "DRAINED"})
  void hintsToBlocksThatOthersTookLeadToNoBlock(Before before) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, PAGES)) {
      List<Long> blocks = Fixtures.allocateAll(allocator, 0);
      List<Long> freed = new ArrayList<>(blocks.subList(100, 110));
      for (long block : freed) {
        before.free(allocator, block, () -> {});
      }
      List<Long> taken = new ArrayList<>();
      Threads.platform(1, thread -> taken.addAll(Fixtures.allocateAll(allocator, 0)));
      assertThat(taken).isEqualTo(freed);
      assertThat(allocator.tryAllocatePages(0)).isEqualTo(BuddyAllocator.NO_PAGES);
      Fixtures.freeAll(allocator, blocks);
      AsNew.assertAsNew(allocator);
    }
  }
}
