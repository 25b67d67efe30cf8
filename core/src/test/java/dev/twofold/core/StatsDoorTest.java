package dev.twofold.core;

import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures, fragmentation indices and what a refused request says. */
class StatsDoorTest {

  @Test
  void figuresOfALifeOfOneAllocator() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 21)) {
      List<Long> freeAtFirst = orders(1, 0, 1, 0, 1);
      assertThat(allocator.stats()).isEqualTo(of21Pages(freeAtFirst, orders(), 0, 0, 0, 0, 0, 0));
      long single = allocator.allocatePages(0);
      long pair = allocator.allocatePages(1);
      assertThat(allocator.tryAllocatePages(5)).isEqualTo(BuddyAllocator.NO_PAGES);
      assertThat(allocator.stats())
          .isEqualTo(of21Pages(orders(0, 1, 0, 0, 1), orders(1, 1), 2, 0, 1, 0, 1, 21));
      assertThat(allocator.stats().pagesAllocated()).isEqualTo(3);
      assertThat(allocator.stats().largestFreeOrder()).isEqualTo(4);
      allocator.freePages(single);
      allocator.freePages(pair);
      assertThat(allocator.stats()).isEqualTo(of21Pages(freeAtFirst, orders(), 2, 2, 1, 1, 1, 21));
    }
  }

  @Test
  void figuresOfAFullAllocator() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 4)) {
      allocator.allocatePages(2);
      AllocatorStats stats = allocator.stats();
      assertThat(stats.largestFreeOrder()).isEqualTo(-1);
      assertThat(stats.pagesFree()).isZero();
      assertThat(stats.pagesAllocated()).isEqualTo(4);
      assertThat(stats.unusableFreeIndex(0)).isEqualTo(1000);
      assertThat(stats.externalFragmentationIndex(0)).isZero();
    }
  }

  @Test
  void listsCannotBeChangedFromWithinOrWithout() {
    List<Long> blocks = new ArrayList<>(orders(3));
    AllocatorStats stats =
        new AllocatorStats(PAGE_BYTES, 3, 3, blocks, orders(), 0, 0, 0, 0, 0, memory(0, 0));
    blocks.set(0, 9L);
    assertThat(stats.freeBlocks().getFirst()).isEqualTo(3);
    assertThatThrownBy(() -> stats.freeBlocks().set(0, 1L))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> stats.allocatedBlocks().set(0, 1L))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(stats.freeBlocks()).hasSize(19);
  }

  @ParameterizedTest
  @CsvSource({
    // free blocks of orders 0, 1, 2, 3; the order asked for; both indices, worked out by hand
    "0, 0, 0, 0, 0, 1000, 0",
    "1, 0, 0, 0, 0, 0, -1000",
    "1, 0, 0, 0, 1, 1000, -500",
    "5, 0, 0, 0, 0, 0, -1000",
    "5, 0, 0, 0, 1, 1000, 300",
    "5, 0, 0, 0, 2, 1000, 550",
    "1, 1, 0, 0, 1, 333, -1000",
    "1, 1, 0, 0, 2, 1000, 125",
    "3, 2, 1, 0, 1, 272, -1000",
    "3, 2, 1, 0, 2, 636, -1000",
    "3, 2, 1, 0, 3, 1000, 605",
    "7, 0, 0, 1, 2, 466, -1000"
  })
  void indicesWorkedOutByHand(
      long n0, long n1, long n2, long n3, int order, int unusable, int external) {
    AllocatorStats stats = withFreeBlocks(orders(n0, n1, n2, n3));
    assertThat(stats.unusableFreeIndex(order)).isEqualTo(unusable);
    assertThat(stats.externalFragmentationIndex(order)).isEqualTo(external);
  }

  @Test
  void indicesAreThoseOfTheFormulas() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 2_000; round++) {
      long[] blocks = new long[Orders.COUNT];
      for (int order = 0; order < blocks.length; order++) {
        blocks[order] = random.nextInt(3) == 0 ? random.nextInt(1 << random.nextInt(20)) : 0;
      }
      AllocatorStats stats = withFreeBlocks(orders(blocks));
      for (int order = 0; order < Orders.COUNT; order++) {
        assertThat(stats.unusableFreeIndex(order)).isEqualTo(unusable(blocks, order));
        assertThat(stats.externalFragmentationIndex(order)).isEqualTo(external(blocks, order));
      }
    }
  }

  private static long unusable(long[] blocks, int order) {
    long pages = 0;
    long usable = 0;
    for (int k = 0; k < blocks.length; k++) {
      pages += blocks[k] * (long) Math.pow(2, k);
      usable += k < order ? 0 : blocks[k] * (long) Math.pow(2, k);
    }
    return pages == 0 ? 1000 : (pages - usable) * 1000 / pages;
  }

  private static long external(long[] blocks, int order) {
    long pages = 0;
    long count = 0;
    boolean serves = false;
    for (int k = 0; k < blocks.length; k++) {
      pages += blocks[k] * (long) Math.pow(2, k);
      count += blocks[k];
      serves |= k >= order && blocks[k] > 0;
    }
    if (count == 0) {
      return 0;
    }
    return serves ? -1000 : 1000 - (1000 + pages * 1000 / (long) Math.pow(2, order)) / count;
  }

  @ParameterizedTest
  @CsvSource({"-1", "19"})
  void indicesOfOrdersThatAreNone(int order) {
    AllocatorStats stats = withFreeBlocks(orders(1));
    assertThatThrownBy(() -> stats.unusableFreeIndex(order))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stats.externalFragmentationIndex(order))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusalOfAFragmentedAllocatorTellsTheFigures() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      Fixtures.freeAll(allocator, List.of(pages.get(1), pages.get(4), pages.get(5)));
      long digest = allocator.digest();
      assertThatThrownBy(() -> allocator.allocatePages(2))
          .isInstanceOfSatisfying(
              OutOfPagesException.class,
              e -> {
                assertThat(e.order()).isEqualTo(2);
                assertThat(e.pagesFree()).isEqualTo(3);
                assertThat(e.largestFreeOrder()).isEqualTo(1);
              })
          .hasMessage(
              "no free block of order 2 (16384 bytes): 3 of 8 pages are free, the largest free"
                  + " block is of order 1");
      assertThat(allocator.digest()).isEqualTo(digest);
      assertThat(allocator.stats().failedAllocations()).isEqualTo(2);
    }
  }

  @Test
  void refusalOfAFullAllocatorTellsSo() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1)) {
      allocator.allocatePages(0);
      assertThatThrownBy(() -> allocator.allocatePages(0))
          .isInstanceOfSatisfying(
              OutOfPagesException.class, e -> assertThat(e.largestFreeOrder()).isEqualTo(-1))
          .hasMessage("no free block of order 0 (4096 bytes): 0 of 1 pages are free, none is left");
    }
  }

  @Test
  void refusedRequestsOfAnyOrderChangeNothingButTheirCount() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(Fixtures.pages(0, 3), Fixtures.pages(9, 6))) {
      Fixtures.allocateAll(allocator, 2);
      Fixtures.allocateAll(allocator, 1);
      long refused = allocator.stats().failedAllocations();
      long digest = allocator.digest();
      for (int order = 1; order <= 18; order++) {
        assertThat(allocator.tryAllocatePages(order)).isEqualTo(BuddyAllocator.NO_PAGES);
        assertThat(allocator.digest()).isEqualTo(digest);
      }
      assertThat(allocator.stats().failedAllocations()).isEqualTo(refused + 18);
    }
  }

  @Test
  void figuresThatAreNotOneAnOrder() {
    assertThatThrownBy(() -> withFreeBlocks(List.of(1L, 2L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lists of blocks have 19 elements, one an order, not 2 and 19");
    AllocatorStats full = withFreeBlocks(orders());
    assertThatThrownBy(() -> full.unusableFreeIndex(19)).hasMessageContaining("not 19");
    assertThatThrownBy(() -> full.externalFragmentationIndex(-1)).hasMessageContaining("not -1");
  }

  private static AllocatorStats withFreeBlocks(List<Long> blocks) {
    long pages = pages(blocks);
    return new AllocatorStats(
        PAGE_BYTES, pages, pages, blocks, orders(), 0, 0, 0, 0, 0, memory(0, 0));
  }

  private static long pages(List<Long> blocks) {
    long pages = 0;
    for (int order = 0; order < blocks.size(); order++) {
      pages += blocks.get(order) << order;
    }
    return pages;
  }

  /** The figures of 21 pages: events as the record has them, and the committed pages. */
  private static AllocatorStats of21Pages(List<Long> free, List<Long> allocated, long... counts) {
    long freePages = pages(free);
    return new AllocatorStats(
        PAGE_BYTES,
        21,
        freePages,
        free,
        allocated,
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        memory(counts[5], 21 - freePages));
  }

  private static MemoryStats memory(long committedPages, long usedPages) {
    return new MemoryStats(
        21 * PAGE_BYTES, committedPages * PAGE_BYTES, usedPages * PAGE_BYTES, 0, 0, 0);
  }

  /** A list with one figure an order; those not given are 0. */
  private static List<Long> orders(long... figures) {
    List<Long> orders = new ArrayList<>(Collections.nCopies(Orders.COUNT, 0L));
    for (int order = 0; order < figures.length; order++) {
      orders.set(order, figures[order]);
    }
    return orders;
  }
}
