package dev.twofold.core;

import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a confined allocator holds beside a small block that it allocated, and at what price. */
class HeldBesideDoorTest {

  private static final long PAGES = 32L * Tiers.UNIT_PAGES;

  /** An allocator of which requests have found nothing held for some time. */
  private static BuddyAllocator missed(Region region) {
    BuddyAllocator allocator = BuddyAllocator.builder().confined().region(region).build();
    Fixtures.allocate(allocator, ConfinedEngine.MISSES, Tiers.UNIT_ORDER);
    return allocator;
  }

  /** Counts blocks of a unit that are held, by the order they would have. */
  private static long countHeld(BuddyAllocator allocator, long unitAddress, int order) {
    HeldDoorTest.Dense unit =
        new HeldDoorTest.Dense(
            allocator,
            LongStream.range(0, Tiers.UNIT_PAGES >> order)
                .mapToObj(block -> unitAddress + (block << order) * PAGE_BYTES)
                .toList());
    return unit.countHeld();
  }

  /** What a word has left beside a block is held for the next requests, from the lowest on. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void whatLiesBesideABlockIsHeld(int order) {
    try (BuddyAllocator allocator = missed(Fixtures.pages(0, PAGES))) {
      long first = allocator.allocatePages(order);
      int blocks = 32 >> order;
      assertThat(countHeld(allocator, first, order)).isEqualTo(blocks - 1);
      for (int block = 1; block < blocks; block++) {
        long next = first + ((long) block << order) * PAGE_BYTES;
        assertThat(allocator.allocatePages(order)).isEqualTo(next);
      }
      AllocatorStats stats = allocator.stats();
      long all =
          Stream.of(stats.freeBlocks(), stats.allocatedBlocks())
              .flatMap(List::stream)
              .mapToLong(Long::longValue)
              .sum();
      assertThat(stats.splits()).isEqualTo(all - 1); // It was one block.
      assertThat(stats.merges()).isZero();
      allocator.validate();
    }
  }

  /**
   * What is held beside a block was never written to, so its unit reads as zero once it is free.
   */
  @Test
  void whatLiesBesideABlockIsNotTouchedForThat() {
    try (BuddyAllocator allocator = missed(Fixtures.pages(0, PAGES))) {
      long first = allocator.allocatePages(0);
      assertThat(countHeld(allocator, first, 0)).isPositive();
      allocator.stats();
      assertThat(countHeld(allocator, first, 0)).isZero();
      long[] words = PrivateParts.only(allocator, Engine.class).map().wordsOf(first / PAGE_BYTES);
      int unit = TreeWords.pageInTree(words, first / PAGE_BYTES) >>> Tiers.UNIT_ORDER;
      assertThat(ReturnedUnits.isUntouched(Words.CONFINED, words, unit)).isTrue();
      allocator.freePages(first);
      allocator.stats();
      assertThat(ReturnedUnits.isUntouched(Words.CONFINED, words, unit)).isFalse();
    }
  }

  /** Who has all given back all the time has nothing held beside blocks, nor have batches. */
  @Test
  void whatLiesBesideABlockIsNotHeldForNothing() {
    try (BuddyAllocator allocator = missed(Fixtures.pages(0, PAGES))) {
      long[] addresses = new long[Tiers.UNIT_PAGES + 100];
      assertThat(allocator.batches().allocate(0, addresses, 0, addresses.length))
          .isEqualTo(addresses.length);
      long last = addresses[addresses.length - 1];
      long unitBytes = Tiers.UNIT_PAGES * PAGE_BYTES;
      for (int request = 0; request < 2 * ConfinedEngine.MISSES; request++) {
        assertThat(countHeld(allocator, last / unitBytes * unitBytes, 0)).isZero();
        allocator.stats();
        last = allocator.allocatePages(0);
      }
    }
  }
}
