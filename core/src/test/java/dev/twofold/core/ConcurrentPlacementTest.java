package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for places while others come and go: none fails that some pages serve all along. */
class ConcurrentPlacementTest {

  private static final int OPERATIONS = 60_000;
  private static final long SPAN = 1L << BuddyAllocator.MAX_ORDER;

  private static PageRequest anyPlace(long pageCount, SplittableRandom random) {
    PageRequest request = PageRequest.ofPages(pageCount);
    return switch (random.nextInt(4)) {
      case 0 -> request.topDown();
      case 1 -> request.within(PAGE_BYTES, 3 * SPAN * PAGE_BYTES);
      case 2 -> request.within(1, 3 * SPAN * PAGE_BYTES - 1).topDown();
      default -> request;
    };
  }

  /**
   * As many free pages as threads, in two trees, freed as blocks are: without a lock. Who asks
   * holds none.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void pagesThatMoveBetweenTrees(int threads) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(SPAN - 40, 80)) {
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      Fixtures.freeAll(allocator, Fixtures.every(80 / threads, 7, pages));
      Threads.platform(
          threads,
          thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            for (int operation = 0; operation < OPERATIONS / threads; operation++) {
              long page =
                  random.nextInt(5) == 0
                      ? allocator.tryAllocatePages(0)
                      : allocator.runs().tryAllocate(anyPlace(1, random));
              assertThat(page).as("operation %d", operation).isNotEqualTo(NO_PAGES);
              allocator.freePages(page);
            }
          });
      allocator.validate();
      assertThat(allocator.stats().pagesFree()).isEqualTo(threads);
    }
  }

  /** Room for a run at either end, and for one across each border, in three trees. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void runsThatMoveBetweenTrees(int threads) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(SPAN - 40, 80 + SPAN)) {
      long middle = (SPAN + 10) * PAGE_BYTES;
      allocator.runs().allocate(PageRequest.ofPages(SPAN - 20).at(middle));
      allocator.runs().allocate(PageRequest.ofPages(1).at((SPAN - 12) * PAGE_BYTES));
      allocator.runs().allocate(PageRequest.ofPages(1).at((2 * SPAN + 11) * PAGE_BYTES));
      AtomicInteger across = new AtomicInteger();
      Threads.platform(
          threads,
          thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            for (int operation = 0; operation < OPERATIONS / threads; operation++) {
              long run = allocator.runs().tryAllocate(anyPlace(20, random));
              assertThat(run).as("operation %d", operation).isNotEqualTo(NO_PAGES);
              across.addAndGet(run / PAGE_BYTES / SPAN < (run / PAGE_BYTES + 19) / SPAN ? 1 : 0);
              allocator.freePages(run);
            }
          });
      assertThat(threads == 2 || across.get() > 0).isTrue();
      allocator.validate();
    }
  }

  /**
   * A page becomes free in the first tree when a request has looked there, and one is taken from
   * the second before it looks there: at any moment there was one.
   */
  @Test
  void aRequestThatCameTooLateTwiceLooksAgain() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(SPAN - 4, 8)) {
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      PageRequest request = PageRequest.ofPages(1).within(0, 2 * SPAN * PAGE_BYTES);
      allocator.freePages(pages.getLast());
      assertThat(allocator.allocatePages(0)).isEqualTo(pages.getLast());
      allocator.freePages(pages.getLast());
      LockedTree[] second = {PrivateParts.trees(allocator).all()[1]};
      AtomicLong served = new AtomicLong();
      Thread late = new Thread(() -> served.set(allocator.runs().tryAllocate(request)));
      long taken =
          LockedTree.locked(
              second,
              () -> {
                late.start();
                while (late.getState() != Thread.State.WAITING) {
                  Thread.onSpinWait();
                }
                allocator.freePages(pages.getFirst());
                return allocator.allocatePages(0);
              });
      assertThat(taken).isEqualTo(pages.getLast());
      assertThatNoException().isThrownBy(late::join);
      assertThat(served).hasValue(pages.getFirst());
    }
  }

  /** Units are kept from everybody while their memory is given back. */
  @ParameterizedTest
  @ValueSource(ints = {3})
  void unitsThatAreGivenBack(int threads) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(6L << 20)) {
      AtomicInteger working = new AtomicInteger(threads - 1);
      Threads.platform(
          threads,
          thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            while (thread == 0 && working.get() > 0) {
              allocator.trim();
            }
            for (int operation = 0; thread > 0 && operation < 10_000; operation++) {
              PageRequest request = PageRequest.ofPages(300);
              long run =
                  allocator.runs().tryAllocate(random.nextBoolean() ? request.topDown() : request);
              assertThat(run).as("operation %d", operation).isNotEqualTo(NO_PAGES);
              allocator.freePages(run);
            }
            working.addAndGet(thread == 0 ? 0 : -1);
          });
      allocator.validate();
    }
  }
}
