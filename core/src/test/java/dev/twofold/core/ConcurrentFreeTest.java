package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Frees of one block that race, at orders of every tier: one wins, the others are refused as if
 * they had come later, and nothing is left of the race.
 */
class ConcurrentFreeTest {

  private static final int ROUNDS = 600;
  private static final int PAGES = 1 << 14;
  private static final int[] ORDERS = {0, 3, 6, 9, 12};

  /** Whether the races won were as many as there should be, by now. */
  private static final class Race {

    private final BuddyAllocator allocator;
    private final AtomicInteger wins = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();

    Race(BuddyAllocator allocator) {
      this.allocator = allocator;
    }

    void free(long address) {
      try {
        allocator.freePages(address);
        wins.incrementAndGet();
      } catch (IllegalArgumentException e) {
        assertThat(e)
            .hasMessage("0x%x is not allocated: it was freed before or never handed out", address);
        refusals.incrementAndGet();
      }
    }

    void assertOutcome(int expectedWins, int expectedRefusals) {
      assertThat(wins.getAndSet(0)).as("frees that succeeded").isEqualTo(expectedWins);
      assertThat(refusals.getAndSet(0)).as("frees refused").isEqualTo(expectedRefusals);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, false", "8, false", "2, true", "5, true", "8, true"})
  void ofFreesOfOneBlockOneWins(int threads, boolean virtual) {
    for (int order : ORDERS) {
      try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, PAGES)) {
        race(allocator, allocator.allocatePages(order), order, threads, virtual);
        AsNew.assertAsNew(allocator);
      }
    }
  }

  /**
   * All memory is allocated, so the units are dense and a thread that frees a block remembers it;
   * another may get it nevertheless, as there is no other, and it is freed once more.
   */
  @ParameterizedTest
  @CsvSource({"2, false", "3, false", "8, false", "2, true", "5, true", "8, true"})
  void ofFreesOfABlockThatIsRememberedOneWins(int threads, boolean virtual) {
    for (int order : ORDERS) {
      try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, PAGES)) {
        List<Long> blocks = Fixtures.allocateAll(allocator, order);
        settleAll(allocator);
        long block = blocks.remove(blocks.size() / 2);
        race(allocator, block, order, threads, virtual);
        Fixtures.freeAll(allocator, blocks);
        AsNew.assertAsNew(allocator);
      }
    }
  }

  /** Looks at every unit, so that it is known as dense if it is. */
  private static void settleAll(BuddyAllocator allocator) {
    assertThat(allocator.digest()).isEqualTo(allocator.digest());
  }

  /** All race for a block, then one allocates; so all rounds; the last block is freed, too. */
  private static void race(
      BuddyAllocator allocator, long first, int order, int threads, boolean virtual) {
    boolean full = allocator.stats().pagesFree() == 0;
    AtomicLong block = new AtomicLong(first);
    Race race = new Race(allocator);
    CyclicBarrier start = new CyclicBarrier(threads);
    CyclicBarrier end =
        new CyclicBarrier(
            threads,
            () -> {
              race.assertOutcome(1, threads - 1);
              long next = allocator.allocatePages(order);
              if (full) {
                assertThat(next).isEqualTo(block.get());
              }
              block.set(next);
            });
    Threads.run(
        virtual,
        threads,
        thread -> {
          for (int round = 0; round < ROUNDS; round++) {
            start.await();
            race.free(block.get());
            end.await();
          }
        });
    assertThat(allocator.orderAt(block.get())).isEqualTo(order);
    race.free(block.get());
    race.assertOutcome(1, 0);
  }

  /** What the test above is about does happen: the block freed last is handed out first. */
  @Test
  void blocksOfDenseUnitsAreRemembered() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, PAGES)) {
      for (int order = 0; order < 8; order++) {
        List<Long> blocks = Fixtures.allocateAll(allocator, order);
        settleAll(allocator);
        long low = blocks.get(8);
        long high = blocks.get(20);
        allocator.freePages(low);
        allocator.freePages(high);
        assertThat(allocator.allocatePages(order)).as("order %d", order).isEqualTo(high);
        assertThat(allocator.allocatePages(order)).as("order %d", order).isEqualTo(low);
        Fixtures.freeAll(allocator, blocks);
      }
    }
  }

  /** All of the memory was allocated, so it is scarce: 256 pages of an order are remembered. */
  @ParameterizedTest
  @CsvSource({"4, 16", "6, 4", "8, 1"})
  void fewBlocksAreRememberedWhileMemoryIsScarce(int order, int count) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 64 << order)) {
      List<Long> blocks = Fixtures.allocateAll(allocator, order);
      settleAll(allocator);
      List<Long> freed = blocks.subList(20, 20 + count + 1);
      freed.forEach(allocator::freePages);
      for (long expected : freed.subList(0, count).reversed()) {
        assertThat(allocator.allocatePages(order)).isEqualTo(expected);
      }
      assertThat(allocator.allocatePages(order)).isEqualTo(freed.getLast());
    }
  }

  /** Every thread frees all blocks, in a random order of its own. */
  @ParameterizedTest
  @CsvSource({"2, false", "8, false", "3, true", "8, true"})
  void everyBlockIsFreedOnce(int threads, boolean virtual) {
    for (int order : ORDERS) {
      try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 4 << order)) {
        for (int round = 0; round < 50; round++) {
          List<Long> blocks = Fixtures.allocateAll(allocator, order);
          assertThat(blocks).hasSize(4);
          Race race = new Race(allocator);
          CyclicBarrier start = new CyclicBarrier(threads);
          Threads.run(
              virtual,
              threads,
              thread -> {
                List<Long> shuffled = new ArrayList<>(blocks);
                Collections.shuffle(shuffled, new Random(thread));
                start.await();
                shuffled.forEach(race::free);
              });
          race.assertOutcome(4, 4 * (threads - 1));
        }
        AsNew.assertAsNew(allocator);
      }
    }
  }
}
