package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs in regions that come and go. */
class RunRegionDoorTest {

  private static final long PAGE_BYTES = 4096;
  private static final long SPAN = 1L << BuddyAllocator.MAX_ORDER;

  /** Two regions, the first of which lies in two trees. */
  private final Region first = Fixtures.pages(SPAN - 1000, 2000);

  private final Region second = Fixtures.pages(4 * SPAN, 1000);
  private final BuddyAllocator allocator =
      BuddyAllocator.builder().region(first).region(second).build();

  @AfterEach
  void close() {
    allocator.validate();
    allocator.close();
  }

  @Test
  void runAcrossTreesIsOneAllocatedThing() {
    long run = at(SPAN - 10, 20);
    assertThat(allocator.runs().pageCountAt(run)).isEqualTo(20);
    CompletableFuture<Void> evacuation = offline();
    assertThat(evacuation).isNotDone();
    assertThat(allocator.runs().pageCountAt(run)).isEqualTo(20);
    assertThatThrownBy(() -> allocator.regions().remove(first))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1 allocated block: 81920 bytes at 0x3fff6000;");
    allocator.validate();
    allocator.freePages(run);
    assertThat(evacuation).isCompleted();
    assertThatThrownBy(() -> allocator.freePages(run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not allocated");
    allocator.regions().remove(first);
  }

  @Test
  void nothingIsTakenFromARegionOffline() {
    long run = at(SPAN - 10, 20);
    assertThat(offline()).isNotDone();
    assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(1001)))
        .isEqualTo(BuddyAllocator.NO_PAGES);
    assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(3).at((SPAN + 100) * PAGE_BYTES)))
        .isEqualTo(BuddyAllocator.NO_PAGES);
    assertThat(allocator.runs().resize(run, 21)).isFalse();
    assertThat(allocator.runs().pageCountAt(run)).isEqualTo(20);
    assertThat(allocator.runs().allocate(PageRequest.ofPages(1000)))
        .isEqualTo(4 * SPAN * PAGE_BYTES);
    allocator.regions().online(first);
    assertThat(allocator.runs().resize(run, 1010)).isTrue();
    assertThat(allocator.runs().allocate(PageRequest.ofPages(990)))
        .isEqualTo((SPAN - 1000) * PAGE_BYTES);
    assertThat(allocator.stats().pagesFree()).isZero();
  }

  @Test
  void runsShrinkOffline() {
    long run = at(SPAN - 10, 20);
    CompletableFuture<Void> evacuation = offline();
    for (int pages : new int[] {19, 11, 10, 8, 3, 1}) {
      assertThat(allocator.runs().resize(run, pages)).isTrue();
      assertThat(allocator.runs().pageCountAt(run)).isEqualTo(pages);
      assertThat(allocator.stats().pagesAllocated()).isEqualTo(pages);
      allocator.validate();
    }
    allocator.freePages(run);
    assertThat(evacuation).isCompleted();
    allocator.regions().online(first);
    AsNew.assertAsNew(allocator);
  }

  @Test
  void runsThatStayAreFoundOnceTheRegionIsOnlineAgain() {
    long run = at(SPAN - 990, 700);
    long other = at(SPAN + 1, 7);
    assertThat(offline()).isNotDone();
    allocator.regions().online(first);
    assertThat(offline()).isNotDone();
    allocator.freePages(other);
    allocator.regions().online(first);
    assertThat(allocator.runs().pageCountAt(run)).isEqualTo(700);
    assertThat(allocator.stats().frees()).isEqualTo(1);
    allocator.freePages(run);
    AsNew.assertAsNew(allocator);
  }

  @Test
  void aRunGoesToTheRegionThatHasThePages() {
    long low = allocator.runs().allocate(PageRequest.ofPages(2000));
    assertThat(low).isEqualTo((SPAN - 1000) * PAGE_BYTES);
    assertThat(allocator.runs().allocate(PageRequest.ofPages(3)) >= 4 * SPAN * PAGE_BYTES).isTrue();
    Region third = Fixtures.pages(8 * SPAN, 1500);
    allocator.regions().add(third);
    assertThat(allocator.runs().allocate(PageRequest.ofPages(1500)))
        .isEqualTo(8 * SPAN * PAGE_BYTES);
    assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(998)))
        .isEqualTo(BuddyAllocator.NO_PAGES);
    assertThat(allocator.runs().allocate(PageRequest.ofPages(997).topDown()))
        .isEqualTo((4 * SPAN + 3) * PAGE_BYTES);
  }

  @Test
  void pagesOfARunAreNotZeroAfterIt() {
    Region memory = Regions.anonymous(1 << 24);
    try (BuddyAllocator real = BuddyAllocator.builder().region(memory).build()) {
      long run = real.runs().allocate(PageRequest.ofPages(4096));
      real.segment(run).fill((byte) 7);
      assertThat(real.runs().resize(run, 1500)).isTrue();
      for (long block = real.zeroed().tryAllocatePages(9);
          block != BuddyAllocator.NO_PAGES;
          block = real.zeroed().tryAllocatePages(9)) {
        assertThat(real.segment(block).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
      }
      assertThat(real.stats().memory().committedBytes()).isEqualTo(1 << 24);
    }
  }

  private CompletableFuture<Void> offline() {
    allocator.regions().offline(first);
    return allocator.regions().evacuation(first);
  }

  private long at(long page, long count) {
    return allocator.runs().allocate(PageRequest.ofPages(count).at(page * PAGE_BYTES));
  }
}
