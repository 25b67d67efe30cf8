package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of one byte: every number is the address of a page, and sizes reach the largest. */
class SmallestPagesScenarioTest {

  private static BuddyAllocator allocator(boolean confined) {
    BuddyAllocator.Builder builder =
        BuddyAllocator.builder().pageSizeBytes(1).region(Regions.addressRange(64, 4_096));
    return confined ? builder.confined().build() : builder.build();
  }

  /** It is no address, but the page that a slot has of no block. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noPagesIsNoBlock(boolean confined) {
    try (BuddyAllocator allocator = allocator(confined)) {
      long first = allocator.allocatePages(0);
      long second = allocator.allocatePages(0);
      allocator.freePages(first);
      assertThat(allocator.tryAllocatePages(18)).isEqualTo(NO_PAGES);
      assertThatThrownBy(() -> allocator.freePages(NO_PAGES))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> allocator.batches().free(new long[] {NO_PAGES}, 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(allocator.stats().pagesAllocated()).isEqualTo(1);
      allocator.freePages(second);
      allocator.validate();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4_097, 1L << 18, 1L << 62, Long.MAX_VALUE - 1, Long.MAX_VALUE})
  void morePagesThanThereAre(long pages) {
    try (BuddyAllocator allocator = allocator(false)) {
      long before = allocator.digest();
      PageRequest request = PageRequest.ofPages(pages);
      assertThat(allocator.runs().tryAllocate(request)).isEqualTo(NO_PAGES);
      assertThat(allocator.runs().tryAllocate(request.topDown())).isEqualTo(NO_PAGES);
      assertThat(allocator.digest()).isEqualTo(before);
      allocator.validate();
    }
  }
}
