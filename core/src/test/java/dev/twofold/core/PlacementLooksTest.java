package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How many trees a request for a place looks at, counted by their locks, in a range of a TiB. Those
 * that were freed to are looked at once more, which the first request after that does here.
 */
class PlacementLooksTest {

  private static final long SPAN = 1L << BuddyAllocator.MAX_ORDER;
  private static final int TREES = 1024;
  private static final long END = TREES * SPAN * PAGE_BYTES;

  /** What taking and leaving the lock once adds to its stamp. */
  private static final long STAMPS_A_LOOK = 256;

  private BuddyAllocator allocator = Fixtures.allocatorOfPages(0, TREES * SPAN);
  private final long[] blocks = new long[TREES];

  @AfterEach
  void close() {
    allocator.validate();
    allocator.close();
  }

  /** Allocates all trees as blocks but one or two. */
  private void fillBut(int... free) {
    for (int tree = 0; tree < TREES; tree++) {
      blocks[tree] =
          allocator.runs().allocate(PageRequest.ofPages(SPAN).at(tree * SPAN * PAGE_BYTES));
    }
    assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(1).topDown())).isEqualTo(NO_PAGES);
    Arrays.stream(free).forEach(tree -> allocator.freePages(blocks[tree]));
  }

  private long looks(Runnable action) {
    long before = stamps();
    action.run();
    return (stamps() - before) / STAMPS_A_LOOK;
  }

  private long stamps() {
    long stamps = 0;
    for (LockedTree tree : PrivateParts.trees(allocator).all()) {
      StampedLock lock =
          PrivateParts.only(PrivateParts.only(tree, TreeLock.class), StampedLock.class);
      stamps += lock.tryOptimisticRead();
    }
    return stamps;
  }

  private void assertServed(PageRequest request, long page, int looks) {
    assertThat(
            looks(
                () ->
                    assertThat(allocator.runs().tryAllocate(request))
                        .as(request.toString())
                        .isEqualTo(page * PAGE_BYTES)))
        .as("looks for " + request)
        .isEqualTo(looks);
    allocator.freePages(page * PAGE_BYTES);
  }

  private void assertRefused(PageRequest request, int looks) {
    assertThat(looks(() -> assertThat(allocator.runs().tryAllocate(request)).isEqualTo(NO_PAGES)))
        .as("looks for " + request)
        .isEqualTo(looks);
  }

  @Test
  void onlyTheLastTreeServes() {
    fillBut(TREES - 1);
    long first = (TREES - 1) * SPAN;
    assertServed(PageRequest.ofPages(777).within(SPAN, END), first, 1);
    assertServed(PageRequest.ofPages(SPAN).within(SPAN, END), first, 1);
    assertServed(PageRequest.ofPages(17).within(5, END - 1), first, 1);
    assertServed(PageRequest.ofPages(17).alignedTo(1 << 20).within(5, END - 1), first, 1);
  }

  @Test
  void onlyTheFirstTreeServesFromTheTop() {
    fillBut(0);
    assertServed(PageRequest.ofPages(777).topDown(), SPAN - 777, 1);
    assertServed(PageRequest.ofPages(1).topDown().within(3 * PAGE_BYTES, END - 7), SPAN - 1, 1);
  }

  @Test
  void onlyTwoTreesTogetherServe() {
    fillBut(700, 701);
    assertServed(PageRequest.ofPages(SPAN + 1), 700 * SPAN, 2);
    assertServed(PageRequest.ofPages(SPAN + 1).topDown(), 701 * SPAN - 1, 2);
    assertServed(PageRequest.ofPages(SPAN + 3).alignedTo(PAGE_BYTES * SPAN), 700 * SPAN, 2);
    allocator.runs().allocate(PageRequest.ofPages(SPAN - 100).at(700 * SPAN * PAGE_BYTES));
    allocator.runs().allocate(PageRequest.ofPages(SPAN - 50).topDown());
    assertServed(PageRequest.ofPages(150).within(SPAN, END), 701 * SPAN - 100, 4);
    assertServed(PageRequest.ofPages(120).within(SPAN, END).topDown(), 701 * SPAN - 70, 4);
  }

  @Test
  void aRefusalLooksAtNoTree() {
    fillBut(0, 500, TREES - 1);
    assertRefused(PageRequest.ofPages(SPAN + 1).topDown(), 0);
    assertRefused(PageRequest.ofPages(1).within(SPAN * PAGE_BYTES, 500 * SPAN * PAGE_BYTES), 0);
  }

  /** Trees that have pages, but none that are aligned, are looked at once. */
  @Test
  void treesThatServedNothingAlignedAreLeftOut() {
    fillBut(3, 4, 5, TREES - 1);
    for (long tree = 3; tree <= 5; tree++) {
      allocator.runs().allocate(PageRequest.ofPages(1).at(tree * SPAN * PAGE_BYTES));
    }
    PageRequest aligned = PageRequest.ofPages(5).alignedTo(SPAN * PAGE_BYTES).within(1, END);
    assertServed(aligned, (TREES - 1) * SPAN, 4);
    assertServed(aligned, (TREES - 1) * SPAN, 1);
    assertRefused(PageRequest.ofPages(SPAN + 1).alignedTo(SPAN * PAGE_BYTES), 0);
    allocator.runs().allocate(PageRequest.ofPages(1).at((TREES - 1) * SPAN * PAGE_BYTES));
    assertRefused(aligned, 1);
    assertRefused(aligned, 0);
  }

  @Test
  void amongThousandsOfRegionsOneServes() {
    allocator.close();
    Region[] regions = new Region[3000];
    for (int region = 0; region < regions.length; region++) {
      regions[region] = Fixtures.pages(region * SPAN, 8);
    }
    allocator = Fixtures.allocator(regions);
    Fixtures.allocateAll(allocator, 0);
    assertRefused(PageRequest.ofPages(1).topDown(), regions.length);
    assertRefused(PageRequest.ofPages(1).topDown(), 0);
    long page = 77 * SPAN + 5;
    allocator.freePages(page * PAGE_BYTES);
    assertServed(PageRequest.ofPages(1).topDown(), page, 1);
    assertServed(PageRequest.ofPages(1).within(5, END), page, 1);
  }
}
