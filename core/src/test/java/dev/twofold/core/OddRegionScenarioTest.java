package dev.twofold.core;

import static dev.twofold.core.Fixtures.GIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions of any size at any address, alone and side by side: no page lost, none invented. */
class OddRegionScenarioTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1, 1",
    "5, 3",
    "7, 2",
    "2, 3",
    "3, 5",
    "13, 101",
    "31, 1",
    "31, 2",
    "63, 65",
    "127, 997",
    "1021, 7919",
    "262143, 2",
    "262139, 11",
    "262144, 1",
    "1000003, 10007",
    "2251799813685000, 247"
  })
  void everyPageCanBeHadOnceAndAfterwardsAllIsAsNew(long firstPage, int pageCount) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(firstPage, pageCount)) {
      AllocatorStats fresh = allocator.stats();
      assertThat(fresh.pagesTotal()).isEqualTo(pageCount);
      for (int order = 0; order <= Orders.MAX_ORDER; order++) {
        List<Long> blocks = Fixtures.allocateAll(allocator, order);
        assertThat(blocks).isEqualTo(alignedBlocks(firstPage, pageCount, order));
        allocator.validate();
        Fixtures.freeAll(allocator, blocks);
        allocator.validate();
        assertThat(Fixtures.drainedStats(allocator).freeBlocks()).isEqualTo(fresh.freeBlocks());
      }
    }
  }

  /** All aligned blocks of the order that lie in the pages: what must be available, no more. */
  private static List<Long> alignedBlocks(long firstPage, int pageCount, int order) {
    long size = 1L << order;
    long first = (firstPage + size - 1) / size;
    long end = (firstPage + pageCount) / size;
    return LongStream.range(first, Math.max(first, end))
        .mapToObj(block -> block * size * PAGE_BYTES)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 123, 4095})
  void partialPagesAtTheEndsAreLeftAlone(int offset) {
    Region region = Fixtures.range(5 * PAGE_BYTES + offset, 9 * PAGE_BYTES);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      assertThat(pages).hasSize(8).startsWith(6 * PAGE_BYTES).endsWith(13 * PAGE_BYTES);
    }
  }

  @Test
  void adjacentRegionsDoNotMerge() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(Fixtures.pages(0, 4), Fixtures.pages(4, 4), Fixtures.pages(8, 1))) {
      assertThat(Fixtures.serves(allocator, 3)).isFalse();
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      assertThat(pages).hasSize(9);
      Fixtures.freeAll(allocator, pages);
      allocator.validate();
      assertThat(Fixtures.drainedStats(allocator).freeBlocks().subList(0, 4))
          .containsExactly(1L, 0L, 2L, 0L);
      assertThat(Fixtures.serves(allocator, 3)).isFalse();
    }
  }

  /** Nothing depends on it but compactness: what is split last is used first, from below. */
  @Test
  void splitsHandOutTheLowerHalf() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(8, 8)) {
      assertThat(allocator.allocatePages(0)).isEqualTo(8 * PAGE_BYTES);
      assertThat(allocator.allocatePages(0)).isEqualTo(9 * PAGE_BYTES);
      assertThat(allocator.allocatePages(0)).isEqualTo(10 * PAGE_BYTES);
      assertThat(allocator.allocatePages(2)).isEqualTo(12 * PAGE_BYTES);
      assertThat(allocator.allocatePages(0)).isEqualTo(11 * PAGE_BYTES);
    }
  }

  @Test
  void requestsGoOnToTheNextTreeThatServes() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(
            Fixtures.pages(1, 1),
            Fixtures.pages(16, 4),
            Fixtures.pages(32, 8),
            Fixtures.pages(64, 4))) {
      assertThat(allocator.allocatePages(3)).isEqualTo(32 * PAGE_BYTES);
      assertThat(Fixtures.allocateAll(allocator, 2))
          .containsExactly(16 * PAGE_BYTES, 64 * PAGE_BYTES);
      assertThat(allocator.allocatePages(0)).isEqualTo(PAGE_BYTES);
      assertThat(Fixtures.serves(allocator, 0)).isFalse();
      allocator.freePages(64 * PAGE_BYTES);
      assertThat(allocator.allocatePages(1) / PAGE_BYTES).isBetween(64L, 67L);
    }
  }

  @Test
  void regionOfMoreThanOneTree() {
    long spanPages = 1L << Orders.MAX_ORDER;
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(spanPages - 5, 2 * spanPages + 8)) {
      assertThat(Fixtures.drainedStats(allocator).freeBlocks().get(18)).isEqualTo(2);
      assertThat(Fixtures.allocateAll(allocator, 18))
          .containsExactly(spanPages * PAGE_BYTES, 2 * spanPages * PAGE_BYTES);
      assertThat(Fixtures.allocateAll(allocator, 0))
          .isEqualTo(
              LongStream.concat(
                      LongStream.range(spanPages - 5, spanPages),
                      LongStream.range(3 * spanPages, 3 * spanPages + 3))
                  .mapToObj(page -> page * PAGE_BYTES)
                  .toList());
      allocator.validate();
    }
  }

  @Test
  void sixtyFourGibibytesOfAddresses() {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.range(3 * GIB, 64 * GIB))) {
      AllocatorStats fresh = allocator.stats();
      assertThat(fresh.freeBlocks().get(18)).isEqualTo(64);
      List<Long> blocks = Fixtures.allocateAll(allocator, 18);
      assertThat(blocks).hasSize(64).startsWith(3 * GIB).endsWith(66 * GIB);
      allocator.freePages(blocks.get(40));
      assertThat(allocator.allocatePages(0) / GIB).isEqualTo(43);
      assertThat(Fixtures.allocateAll(allocator, 17)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 512, 1 << 16, 1L << 44})
  void anyPageSize(long pageBytes) {
    try (BuddyAllocator allocator =
        Fixtures.allocator(pageBytes, Fixtures.range(3 * pageBytes, 11 * pageBytes))) {
      List<Long> blocks = new ArrayList<>();
      for (int order : new int[] {2, 1, 0, 2}) {
        blocks.add(allocator.allocatePages(order) / pageBytes);
      }
      assertThat(blocks).containsExactlyInAnyOrder(4L, 8L, 12L, 3L);
      allocator.validate();
      assertThat(allocator.stats().pageSizeBytes()).isEqualTo(pageBytes);
      assertThat(allocator.pageSizeBytes()).isEqualTo(pageBytes);
      assertThat(allocator.tryAllocatePages(0)).isEqualTo(BuddyAllocator.NO_PAGES);
    }
  }
}
