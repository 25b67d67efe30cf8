package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.GIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs: exact sizes, growth and shrinking in place, and what a request can say. */
class RunDoorTest {

  private static long allocate(BuddyAllocator allocator, long pages) {
    return allocator.runs().allocate(PageRequest.ofPages(pages));
  }

  /** Packed or at random, what requests of 68 KiB can not use is less than 6 % of a GiB. */
  @Test
  void seventeenPagesWasteLittle() {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.range(0, GIB))) {
      List<Long> runs = new ArrayList<>();
      for (int round = 0; round < 4; round++) {
        long run = allocator.runs().tryAllocate(PageRequest.ofBytes(17 * PAGE_BYTES));
        while (run != NO_PAGES) {
          runs.add(run);
          run = allocator.runs().tryAllocate(PageRequest.ofBytes(17 * PAGE_BYTES));
        }
        AllocatorStats stats = allocator.stats();
        assertThat(stats.pagesAllocated()).isEqualTo(runs.size() * 17L);
        assertThat(stats.pagesFree() * 100).isLessThanOrEqualTo(stats.pagesTotal() * 6);
        Collections.shuffle(runs, new Random(round));
        List<Long> half = runs.subList(0, runs.size() / 2);
        Fixtures.freeAll(allocator, half);
        half.clear();
      }
      Fixtures.freeAll(allocator, runs);
      AsNew.assertAsNew(allocator);
    }
  }

  static LongStream sizes() {
    return LongStream.of(1, 2, 3, 17, 31, 33, 500, 512, 513, 1025, 20_000, 1 << 18, 300_000);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void costsExactlyItsPages(long pages) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 3 << 18)) {
      long run = allocate(allocator, pages);
      AllocatorStats stats = allocator.stats();
      assertThat(stats.pagesAllocated()).isEqualTo(pages);
      assertThat(stats.allocations()).isOne();
      assertThat(stats.frees()).isZero();
      assertThat(stats.allocatedBlocks().stream().mapToLong(Long::longValue).sum())
          .isGreaterThanOrEqualTo(Long.bitCount(pages));
      assertThat(allocator.runs().pageCountAt(run)).isEqualTo(pages);
      assertThat(allocator.orderAt(run)).isEqualTo(Orders.holding(pages));
      allocator.validate();
      allocator.freePages(run);
      assertThat(allocator.stats().frees()).isOne();
      AsNew.assertAsNew(allocator);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void growsAndShrinksInPlace(long pages) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 3 << 18)) {
      long run = allocator.runs().allocate(PageRequest.ofPages(pages).at(7 * PAGE_BYTES));
      long wall = (7 + 2 * pages) * PAGE_BYTES;
      allocator.runs().allocate(PageRequest.ofPages(1).at(wall));
      for (long size : new long[] {pages + 1, 2 * pages, (pages + 1) / 2, 1, 2 * pages, pages}) {
        if (size <= 2 * pages) {
          assertThat(allocator.runs().resize(run, size)).isTrue();
          assertThat(allocator.runs().pageCountAt(run)).isEqualTo(size);
          assertThat(allocator.stats().pagesAllocated()).isEqualTo(size + 1);
          allocator.validate();
        }
      }
      long digest = allocator.digest();
      assertThat(allocator.runs().resize(run, 2 * pages + 1)).isFalse();
      assertThat(allocator.runs().resize(run, 1L << 50)).isFalse();
      assertThat(allocator.digest()).isEqualTo(digest);
      allocator.freePages(run);
      allocator.freePages(wall);
      AsNew.assertAsNew(allocator);
    }
  }

  /** Grown page by page, a run has as few blocks as if it had been allocated at once. */
  @Test
  void blocksOfARunThatGrowsMerge() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 4096)) {
      long run = allocate(allocator, 1);
      for (long pages = 2; pages <= 4096; pages++) {
        assertThat(allocator.runs().resize(run, pages)).isTrue();
        assertThat(blocks(allocator)).isEqualTo(Long.bitCount(pages));
      }
      for (long pages = 4095; pages > 0; pages--) {
        assertThat(allocator.runs().resize(run, pages)).isTrue();
        assertThat(blocks(allocator)).isEqualTo(Long.bitCount(pages));
      }
      allocator.freePages(run);
      AsNew.assertAsNew(allocator);
    }
  }

  private static long blocks(BuddyAllocator allocator) {
    return allocator.stats().allocatedBlocks().stream().mapToLong(Long::longValue).sum();
  }

  /** Whatever has been freed is found: pages of a unit, of several, and of a run that shrinks. */
  @Test
  void whatWasFreedIsFoundFromTheTop() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 4096)) {
      for (long pages : new long[] {1, 100, 512, 700, 1024, 2000}) {
        long run = allocator.runs().allocate(PageRequest.ofPages(pages).at(0));
        long rest = allocate(allocator, 4096 - pages);
        PageRequest request = PageRequest.ofPages(pages).topDown();
        assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(1).topDown()))
            .isEqualTo(NO_PAGES);
        allocator.freePages(run);
        assertThat(allocator.runs().tryAllocate(request)).isEqualTo(run);
        assertThat(allocator.runs().tryAllocate(request)).isEqualTo(NO_PAGES);
        assertThat(allocator.runs().resize(rest, 4096 - 2 * pages)).isTrue();
        long freed = rest + (4096 - 2 * pages) * PAGE_BYTES;
        assertThat(allocator.runs().tryAllocate(request)).isEqualTo(freed);
        Fixtures.freeAll(allocator, List.of(run, rest, freed));
      }
      AsNew.assertAsNew(allocator);
    }
  }

  @Test
  void runsLieAcrossTheBordersOfTrees() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages((1 << 18) - 10, (1 << 18) + 20)) {
      long middle = allocate(allocator, 1 << 18);
      assertThat(middle).isEqualTo((1L << 18) * PAGE_BYTES);
      long digest = allocator.digest();
      assertThat(allocator.runs().resize(middle, (1 << 18) + 11)).isFalse();
      assertThat(allocator.digest()).isEqualTo(digest);
      allocator.freePages(middle);
      long all = allocate(allocator, (1 << 18) + 20);
      assertThat(allocator.stats().pagesFree()).isZero();
      assertThat(allocator.runs().resize(all, 11)).isTrue();
      assertThat(allocator.runs().pageCountAt(all)).isEqualTo(11);
      allocator.validate();
      assertThatThrownBy(() -> allocator.freePages((1L << 18) * PAGE_BYTES))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("lies inside the one at 0x%x", all);
      assertThat(allocator.runs().resize(all, 10)).isTrue();
      assertThat(allocate(allocator, 1 << 18)).isEqualTo(middle);
      allocator.freePages(all);
      allocator.freePages(middle);
      AsNew.assertAsNew(allocator);
    }
  }

  /**
   * Eight free pages, no block of eight: the request for a block fails, that for a run does not.
   */
  @Test
  void freePagesSideBySideServeAcrossBuddyBorders() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(4, 8)) {
      assertThat(allocator.tryAllocatePages(3)).isEqualTo(NO_PAGES);
      assertThat(allocate(allocator, 8)).isEqualTo(4 * PAGE_BYTES);
    }
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(16 * PAGE_BYTES)) {
      long first = allocator.allocatePages(2);
      allocator.runs().allocate(PageRequest.ofPages(4).at(first + 12 * PAGE_BYTES));
      assertThat(allocator.allocate(8 * PAGE_BYTES).address()).isEqualTo(first + 4 * PAGE_BYTES);
    }
  }

  /** The unit that served runs before stands for more than it has, until another one serves. */
  @Test
  void theIndexFollowsWhenAnotherUnitServesRuns() {
    long base = 1L << 30;
    try (BuddyAllocator allocator = Fixtures.allocator(Regions.addressRange(base, 4 << 20))) {
      allocator.runs().allocate(PageRequest.ofPages(12).at(base));
      allocator.runs().allocate(PageRequest.ofPages(100).at(base + 712 * PAGE_BYTES));
      allocator.runs().allocate(PageRequest.ofPages(495));
      allocator.runs().allocate(PageRequest.ofPages(212));
      allocator.validate();
    }
  }

  /** Nobody settles what is freed where a request cannot be served, nor waits for it. */
  @Test
  @Timeout(60)
  void refusedWhileUnsettledMemoryLiesElsewhere() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(Fixtures.pages(0, 600), Fixtures.pages(4_096, 600))) {
      for (long block : Fixtures.allocateAll(allocator, 0)) {
        allocator.freePages(block);
      }
      PageRuns runs = allocator.runs();
      long nowhere = 100_000 * PAGE_BYTES;
      PageRequest outside = PageRequest.ofPages(2).within(nowhere, nowhere + 8 * PAGE_BYTES);
      assertThat(runs.tryAllocate(outside)).isEqualTo(NO_PAGES);
      assertThat(runs.tryAllocate(PageRequest.ofPages(601))).isEqualTo(NO_PAGES);
      AsNew.assertAsNew(allocator);
    }
  }

  @Test
  void runsNeverLieAcrossRegions() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(Fixtures.pages(0, 1 << 18), Fixtures.pages(1 << 18, 1 << 18))) {
      assertThat(allocator.runs().tryAllocate(PageRequest.ofPages((1 << 18) + 1)))
          .isEqualTo(NO_PAGES);
      long last = ((1 << 18) - 1) * PAGE_BYTES;
      allocator.runs().allocate(PageRequest.ofPages(1).at(last));
      assertThat(allocator.runs().resize(last, 2)).isFalse();
    }
  }

  @Test
  void aRunIsFreeMemoryOfUnitsThatOthersDrawOn() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1024)) {
      Threads.platform(2, thread -> allocator.freePages(allocator.allocatePages(0)));
      assertThat(allocate(allocator, 1024)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void requestsThatContradictThemselves(int contradiction) {
    PageRequest two = PageRequest.ofPages(2);
    assertThatThrownBy(
            () -> {
              switch (contradiction) {
                case 1 -> PageRequest.ofPages(0);
                case 2 -> PageRequest.ofBytes(-1);
                case 3 -> two.alignedTo(3);
                case 4 -> two.at(4096).alignedTo(8192);
                case 5 -> two.within(0, 1 << 20).at(0);
                case 6 -> two.at(0).topDown();
                default -> two.within(8192, 8192);
              }
            })
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requestsTellWhatTheyAskFor() {
    assertThat(PageRequest.ofBytes(100).alignedTo(65_536).within(0, 1 << 20).topDown())
        .hasToString("100 bytes aligned to 65536 bytes within 0x0 to 0x100000 from the top");
    assertThat(PageRequest.ofPages(17).at(4096)).hasToString("17 pages at 0x1000");
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      allocator.allocatePages(2);
      assertThatThrownBy(() -> allocate(allocator, 5))
          .isInstanceOf(OutOfPagesException.class)
          .hasMessage(
              "no free pages side by side for 5 pages: 4 of 8 pages are free, "
                  + "the largest free block is of order 2");
      assertThat(allocator.stats().failedAllocations()).isOne();
      assertThatThrownBy(() -> allocator.runs().resize(0, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a run has at least 1 page, not 0");
    }
  }

  @Test
  void nothingAfterClose() {
    BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 64);
    long run = allocate(allocator, 5);
    allocator.close();
    for (Runnable use :
        List.<Runnable>of(
            () -> allocate(allocator, 3),
            () -> allocator.runs().tryAllocate(PageRequest.ofPages(3).at(0)),
            () -> allocator.runs().pageCountAt(run),
            () -> allocator.runs().resize(run, 3),
            () -> allocator.freePages(run))) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the allocator is closed");
    }
  }

  /** A run may start at the first page of a tree that is smaller than it. */
  @Test
  void aRunFromTheOnlyPageOfATree() {
    long start = ((1 << 18) - 1) * PAGE_BYTES;
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages((1 << 18) - 1, 64)) {
      long run = allocator.runs().allocate(PageRequest.ofPages(2).at(start));
      assertThat(allocator.runs().pageCountAt(run)).isEqualTo(2);
      assertThat(allocator.runs().resize(run, 1)).isTrue();
      assertThat(allocator.runs().resize(run, 2)).isTrue();
      assertThat(allocator.runs().pageCountAt(run)).isEqualTo(2);
      allocator.freePages(run);
      assertThat(allocator.stats().pagesFree()).isEqualTo(64);
      allocator.validate();
    }
  }

  /** A search in vain tells that there is less than was known, for a block was allocated since. */
  @Test
  void refusalsAfterABlockWasAllocatedBesideARun() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(29, 22)) {
      allocator.runs().allocate(PageRequest.ofPages(11));
      long run = allocator.runs().allocate(PageRequest.ofPages(11));
      allocator.freePages(run);
      allocator.allocatePages(0);
      assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(12)))
          .isEqualTo(BuddyAllocator.NO_PAGES);
      assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(11)))
          .isEqualTo(BuddyAllocator.NO_PAGES);
      allocator.validate();
    }
  }
}
