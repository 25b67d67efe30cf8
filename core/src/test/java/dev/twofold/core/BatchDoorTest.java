package dev.twofold.core;

import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many blocks, or scattered pages, in one call. */
class BatchDoorTest {

  private static BuddyAllocator allocator(boolean confined, Region... regions) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder();
    Arrays.stream(regions).forEach(builder::region);
    return confined ? builder.confined().build() : builder.build();
  }

  @ParameterizedTest
  @CsvSource({"false, 0", "true, 0", "false, 1", "false, 3", "true, 5", "false, 6", "false, 10"})
  void allBlocksInOneCall(boolean confined, int order) {
    try (BuddyAllocator allocator =
        allocator(confined, Fixtures.pages(7, 5000), Fixtures.pages(6000, 3000))) {
      int possible = count(allocator, order);
      long[] addresses = new long[possible + 20];
      Arrays.fill(addresses, -7);
      int got = allocator.batches().allocate(order, addresses, 3, addresses.length);
      assertThat(got).isEqualTo(possible);
      assertThat(addresses).startsWith(-7, -7, -7).endsWith(-7);
      LongStream blocks = Arrays.stream(addresses, 3, 3 + got);
      assertThat(blocks.boxed().collect(Collectors.toSet()))
          .hasSize(got)
          .allMatch(block -> allocator.orderAt(block) == order);
      AllocatorStats stats = allocator.stats();
      assertThat(stats.allocations()).isEqualTo(got + possible);
      assertThat(stats.failedAllocations()).isEqualTo(2);
      assertThat(stats.pagesAllocated()).isEqualTo((long) got << order);
      allocator.validate();
      shuffle(addresses, 3, 3 + got / 2);
      allocator.batches().free(addresses, 3, 3 + got);
      AsNew.assertAsNew(allocator);
    }
  }

  /** Returns how many blocks there are, which are all free again. */
  private static int count(BuddyAllocator allocator, int order) {
    List<Long> blocks = Fixtures.allocateAll(allocator, order);
    Fixtures.freeAll(allocator, blocks);
    return blocks.size();
  }

  private static void shuffle(long[] addresses, int from, int to) {
    List<Long> shuffled = Arrays.stream(addresses, from, to).boxed().collect(Collectors.toList());
    Collections.shuffle(shuffled, new Random(1));
    IntStream.range(from, to).forEach(index -> addresses[index] = shuffled.get(index - from));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBadAddressStopsTheBatchAndIsNamed(boolean confined) {
    try (BuddyAllocator allocator = allocator(confined, Fixtures.pages(0, 256))) {
      long[] addresses = new long[64];
      assertThat(allocator.batches().allocate(0, addresses, 0, 64)).isEqualTo(64);
      Arrays.sort(addresses);
      long free = 200 * PAGE_BYTES;
      for (long bad :
          new long[] {addresses[3], free, addresses[20] + 1, 1L << 40, -1, Long.MIN_VALUE}) {
        long good = addresses[20];
        addresses[20] = bad;
        assertThatThrownBy(() -> allocator.batches().free(addresses, 0, 64))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("those before index 20 were freed, but 0x%x ", bad);
        assertThat(allocator.stats().pagesAllocated()).isEqualTo(44);
        addresses[20] = good;
        assertThat(allocator.batches().allocate(0, addresses, 0, 20)).isEqualTo(20);
        Arrays.sort(addresses, 0, 20);
      }
      allocator.batches().free(addresses, 0, 64);
      AsNew.assertAsNew(allocator);
    }
  }

  @Test
  void blocksOfAllSizesAndRunsInOneBatch() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(5, 3 << 17)) {
      SplittableRandom random = new SplittableRandom(3);
      long[] addresses = new long[2000];
      for (int index = 0; index < addresses.length; index++) {
        addresses[index] =
            random.nextBoolean()
                ? allocator.allocatePages(Math.min(random.nextInt(8), random.nextInt(11)))
                : allocator.runs().allocate(PageRequest.ofPages(1 + random.nextInt(40)));
      }
      Arrays.sort(addresses);
      allocator.batches().free(addresses, 0, addresses.length);
      AsNew.assertAsNew(allocator);
    }
  }

  @Test
  void argumentsOutOfRange() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      PageBatches batches = allocator.batches();
      long[] four = new long[4];
      assertThatThrownBy(() -> batches.allocate(19, four, 0, 4))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> batches.allocate(0, four, 0, 5))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> batches.free(four, 3, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> batches.allocateScattered(0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(batches.allocate(0, four, 2, 2)).isZero();
      assertThat(allocator.stats().pagesFree()).isEqualTo(8);
    }
  }

  /** The longest free pages first; what is left to take comes from the first that hold it. */
  @Test
  void scatteredPagesAreFewRuns() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(Fixtures.pages(0, 100), Fixtures.pages(200, 50))) {
      for (long page : new long[] {10, 40, 60}) {
        allocator.runs().allocate(PageRequest.ofPages(1).at(page * PAGE_BYTES));
      }
      long[] runs = allocator.batches().allocateScattered(95);
      assertThat(runs).containsExactly(200 * PAGE_BYTES, 61 * PAGE_BYTES, 0);
      assertThat(Arrays.stream(runs).map(allocator.runs()::pageCountAt))
          .containsExactly(50L, 39L, 6L);
      assertThat(allocator.stats().pagesFree()).isEqualTo(147 - 95);
      assertThat(allocator.stats().allocations()).isEqualTo(6);
      allocator.validate();
      long digest = allocator.digest();
      assertThatThrownBy(() -> allocator.batches().allocateScattered(53))
          .isInstanceOf(OutOfPagesException.class)
          .hasMessageStartingWith("no 53 pages in all: 52 of 150 pages are free");
      assertThat(allocator.digest()).isEqualTo(digest);
      assertThat(allocator.batches().allocateScattered(52)).isNotEmpty();
      assertThat(allocator.stats().pagesFree()).isZero();
    }
  }

  @Test
  void scatteredPagesTakeWhatIsLeftOfShatteredTrees() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 3 << 18)) {
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      Fixtures.freeAll(allocator, Fixtures.every(100, 0, pages));
      long free = allocator.stats().pagesFree();
      long digest = allocator.digest();
      assertThatThrownBy(() -> allocator.batches().allocateScattered(free + 1))
          .isInstanceOf(OutOfPagesException.class);
      assertThat(allocator.digest()).isEqualTo(digest);
      long[] runs = allocator.batches().allocateScattered(free);
      assertThat(runs).hasSize((int) free);
      assertThat(allocator.stats().pagesFree()).isZero();
      Arrays.sort(runs);
      allocator.batches().free(runs, 0, runs.length);
      assertThat(allocator.stats().pagesFree()).isEqualTo(free);
      allocator.validate();
    }
  }

  /** Threads allocate and free batches at random; nobody gets what another has. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 16})
  void batchesOfManyThreads(int threads) {
    OverlapOracle oracle = new OverlapOracle(0, 4096);
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 4096)) {
      Threads.platform(
          threads,
          thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            long[] addresses = new long[100];
            for (int round = 0; round < 20_000 / threads; round++) {
              int order = random.nextInt(4);
              int got = allocator.batches().allocate(order, addresses, 0, random.nextInt(100));
              for (int block = 0; block < got; block++) {
                oracle.take(addresses[block], order, thread + 1);
              }
              for (int block = 0; block < got; block++) {
                oracle.giveBack(addresses[block], order, thread + 1);
              }
              allocator.batches().free(addresses, 0, got);
              scatter(allocator, oracle, random.nextInt(1, 500), thread + 1);
            }
          });
      AsNew.assertAsNew(allocator);
    }
  }

  private static void scatter(
      BuddyAllocator allocator, OverlapOracle oracle, long pages, int owner) {
    try {
      long[] runs = allocator.batches().allocateScattered(pages);
      long got = 0;
      for (long run : runs) {
        oracle.takePages(run, allocator.runs().pageCountAt(run), owner);
        got += allocator.runs().pageCountAt(run);
      }
      assertThat(got).isEqualTo(pages);
      for (long run : runs) {
        oracle.giveBackPages(run, allocator.runs().pageCountAt(run), owner);
      }
      allocator.batches().free(runs, 0, runs.length);
    } catch (OutOfPagesException e) {
      assertThat(e).hasMessageContaining("pages in all");
    }
  }

  /** A tree of fewer pages than a word has need not start at a multiple of as many. */
  @Test
  void ofATreeSmallerThanAWord() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(16, 10)) {
      long[] blocks = new long[10];
      assertThat(allocator.batches().allocate(0, blocks, 0, 10)).isEqualTo(10);
      allocator.batches().free(blocks, 0, 10);
      assertThat(Fixtures.allocateAll(allocator, 0))
          .containsExactlyInAnyOrderElementsOf(Arrays.stream(blocks).boxed().toList());
    }
  }

  /** What is learned of a unit is learned anew when it became whole and was taken as such. */
  @Test
  @Timeout(60)
  void scatteredPagesAfterAUnitBecameWholeAndWasTaken() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1_024)) {
      long first = allocator.allocatePages(9);
      long page = allocator.allocatePages(0);
      allocator.drain();
      assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(600).topDown()))
          .isEqualTo(BuddyAllocator.NO_PAGES);
      allocator.freePages(page);
      allocator.drain();
      allocator.allocatePages(9);
      allocator.freePages(first);
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      for (int each = 0; each < pages.size(); each += 2) {
        allocator.freePages(pages.get(each));
      }
      assertThat(allocator.batches().allocateScattered(100)).hasSize(100);
      allocator.validate();
    }
  }
}
