package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thread frees the block that it allocated last and takes it back, over and over, while others
 * change the word that it lies in: what its slot guesses of the word must never be believed.
 */
class LastBlockScenarioTest {

  private static final int ROUNDS = 200;

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 5, 7, 9, 12})
  void neighboursComeAndGoBetweenTheTwo(int order) {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.pages(0, 32 << order))) {
      SplittableRandom random = new SplittableRandom(order);
      long[] neighbours = new long[8];
      long last = allocator.allocatePages(order);
      for (int round = 0; round < ROUNDS; round++) {
        allocator.freePages(last);
        neighbour(allocator, order, neighbours, random);
        last = allocator.allocatePages(order);
        neighbour(allocator, order, neighbours, random);
        allocator.freePages(last);
        last = allocator.allocatePages(order);
        assertThat(allocator.orderAt(last)).isEqualTo(order);
      }
      allocator.freePages(last);
      for (long neighbour : neighbours) {
        if (neighbour != 0) {
          allocator.freePages(neighbour - 1);
        }
      }
      AsNew.assertAsNew(allocator);
    }
  }

  /**
   * Who frees each block right after it was allocated, but needs another order each time, gets what
   * it freed of that order. A block that is known for each would be given up for the next.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void severalOrdersInTurn(boolean confined) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(Fixtures.pages(0, 1 << 18));
    try (BuddyAllocator allocator = confined ? builder.confined().build() : builder.build()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int order = 0; order < 5; order++) {
          allocator.freePages(allocator.allocatePages(order));
        }
      }
      assertThat(allocator.stats().splits()).isLessThan(ROUNDS);
      AsNew.assertAsNew(allocator);
    }
  }

  /** The slot knows where the block is without asking anybody whether the allocator is open. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 5, 7, 9})
  void notTakenBackOnceTheAllocatorIsClosed(int order) {
    BuddyAllocator allocator = Fixtures.allocator(Fixtures.pages(0, 32 << order));
    for (int round = 0; round < ROUNDS; round++) {
      allocator.freePages(allocator.allocatePages(order));
    }
    long last = allocator.allocatePages(order);
    allocator.freePages(last);
    allocator.close();
    assertThatThrownBy(() -> allocator.allocatePages(order)).hasMessageContaining("closed");
    assertThatThrownBy(() -> allocator.freePages(last)).hasMessageContaining("closed");
  }

  /** Another thread allocates or frees, so that this thread's slot learns nothing of it. */
  private static void neighbour(
      BuddyAllocator allocator, int order, long[] neighbours, SplittableRandom random) {
    int slot = random.nextInt(neighbours.length);
    Threads.platform(
        1,
        thread -> {
          if (neighbours[slot] == 0) {
            neighbours[slot] = allocator.allocatePages(order) + 1;
          } else {
            allocator.freePages(neighbours[slot] - 1);
            neighbours[slot] = 0;
          }
        });
  }

  @Test
  void freedByAnotherThreadMeanwhile() {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.pages(0, 32))) {
      long block = allocator.allocatePages(1);
      allocator.freePages(block);
      assertThat(allocator.allocatePages(1)).isEqualTo(block);
      Threads.platform(1, thread -> allocator.freePages(block));
      assertThatThrownBy(() -> allocator.freePages(block)).hasMessageContaining("not allocated");
      long[] taken = new long[1];
      Threads.platform(1, thread -> taken[0] = allocator.allocatePages(1));
      assertThat(taken[0]).isEqualTo(block);
      long other = allocator.allocatePages(1);
      assertThat(other).isNotEqualTo(block);
      allocator.freePages(other);
      allocator.freePages(block);
      AsNew.assertAsNew(allocator);
    }
  }

  /**
   * The slot knew a block of one word, and gets to know one of another word, which says what the
   * first one did. But the block is at another place there.
   */
  @Test
  void anotherWordThatSaysTheSame() {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.pages(0, Tiers.UNIT_PAGES))) {
      assertThat(allocator.allocatePages(0)).isZero();
      assertThat(allocator.allocatePages(0)).isEqualTo(Fixtures.PAGE_BYTES);
      allocator.freePages(allocator.allocatePages(0)); // The unit is touched.
      long[] words = PrivateParts.trees(allocator).allWords().of(0);
      int first = Tiers.pageWord(0);
      int second = Tiers.pageWord(Orders.pages(Tiers.WORD_ORDER));
      words[second] = words[first];
      Slot slot = new PaddedSlot(false, 0);
      slot.know(0, 0, words, first, BuddyWord.places(0, 0), 0);
      assertThat(slot.release(Words.SHARED)).isTrue();
      int page = Orders.pages(Tiers.WORD_ORDER) + 1;
      long said = words[second];
      slot.know(page, 0, words, second, BuddyWord.places(1, 0), page);
      assertThat(slot.putBack(page)).isEqualTo(KnownBlock.MISSED);
      assertThat(words[second]).isEqualTo(said);
    }
  }

  /**
   * Two threads that do nothing but pairs must not meet in one unit: they would slow each other.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6, 8})
  void pairsOfTwoThreadsStayInUnitsOfTheirOwn(int order) {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.pages(0, 1 << 18))) {
      long[] units = new long[2];
      CyclicBarrier together = new CyclicBarrier(2);
      Threads.platform(
          2,
          thread -> {
            together.await();
            for (int pair = 0; pair < 10_000; pair++) {
              long block = allocator.allocatePages(order);
              units[thread] = (block / Fixtures.PAGE_BYTES) >> Tiers.UNIT_ORDER;
              allocator.freePages(block);
            }
            together.await();
          });
      assertThat(units[0]).isNotEqualTo(units[1]);
      AsNew.assertAsNew(allocator);
    }
  }
}
