package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions that come and go while threads allocate and free. */
class ConcurrentRegionsTest {

  private static Region page(int number) {
    return Fixtures.pages(2L * number, 1);
  }

  private static Region[] pages(int count) {
    Region[] pages = new Region[count];
    for (int number = 0; number < count; number++) {
      pages[number] = page(number);
    }
    return pages;
  }

  /** Replaces a block of a page until told to stop, which never fails. */
  private static void replace(
      BuddyAllocator allocator, OverlapOracle oracle, int owner, AtomicBoolean running) {
    while (running.get()) {
      long block = allocator.allocatePages(0);
      oracle.take(block, 0, owner);
      oracle.giveBack(block, 0, owner);
      allocator.freePages(block);
    }
  }

  /** Runs a change of regions beside threads that replace a page each. */
  private static void besideLoad(BuddyAllocator allocator, int threads, Threads.Task change) {
    AtomicBoolean running = new AtomicBoolean(true);
    OverlapOracle oracle = new OverlapOracle(0, 256);
    Threads.platform(
        threads + 1,
        thread -> {
          if (thread == threads) {
            try {
              change.run(thread);
            } finally {
              running.set(false);
            }
          } else {
            replace(allocator, oracle, thread + 1, running);
          }
        });
    assertThat(allocator.stats().failedAllocations()).isZero();
    assertThat(allocator.stats().pagesAllocated()).isZero();
    allocator.validate();
  }

  /**
   * Regions of a page each, one more than threads, of which one is offline at most. Who asks holds
   * no page, so at every moment one is free in some region online, if not always in the same.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aRequestNeverFailsWhileRegionsGoOfflineAndOnline(int threads) {
    Region[] regions = pages(threads + 1);
    try (BuddyAllocator allocator = Fixtures.allocator(regions)) {
      besideLoad(
          allocator,
          threads,
          thread -> {
            for (int round = 0; round < 1000; round++) {
              Region region = regions[round % regions.length];
              allocator.regions().offline(region);
              allocator.regions().online(region);
            }
          });
    }
  }

  /** The same with regions that are added and removed, offline before or not; refused or not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aRequestNeverFailsWhileRegionsAreAddedAndRemoved(int threads) {
    AtomicInteger refusals = new AtomicInteger();
    try (BuddyAllocator allocator = Fixtures.allocator(pages(threads))) {
      besideLoad(
          allocator,
          threads,
          thread -> {
            for (int round = 0; round < 600; round++) {
              allocator.regions().add(page((round + threads) % 100));
              Region removed = page(round % 100);
              if (round % 2 == 0) {
                Fixtures.evacuate(allocator, removed).get(1, TimeUnit.MINUTES);
              }
              while (!removed(allocator, removed)) {
                refusals.incrementAndGet();
              }
            }
          });
      assertThat(allocator.regions().list()).hasSize(threads);
    }
    System.out.println("removals refused as a block was allocated: " + refusals);
  }

  /**
   * A region so large that blocks come and go while it is looked for blocks: it is removed with
   * none, or stays online as if nothing had been tried. The other thread has one block at a time,
   * but another one while the refusal looks for those to name.
   */
  @Test
  void removalsThatMeetAllocationsChangeNothing() {
    Region region = Fixtures.pages(0, 60_000);
    AtomicBoolean running = new AtomicBoolean(true);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      RegionSet regions = allocator.regions();
      Threads.platform(
          2,
          thread -> {
            if (thread == 0) {
              for (int order = 0; running.get(); order = (order + 1) % 12) {
                long block = allocator.tryAllocatePages(order);
                if (block != NO_PAGES) {
                  allocator.freePages(block);
                }
              }
              return;
            }
            try {
              for (int round = 0; round < 500; round++) {
                if (removed(allocator, region)) {
                  regions.add(region);
                }
                allocator.freePages(allocator.allocatePages(0));
              }
            } finally {
              running.set(false);
            }
          });
      AsNew.assertAsNew(allocator);
      assertThat(regions.list()).containsExactly(new RegionStats(region, true, 60_000, 0));
    }
  }

  private static boolean removed(BuddyAllocator allocator, Region region) {
    try {
      allocator.regions().remove(region);
      return true;
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageMatching(".* has [1-9][0-9]* allocated blocks?: .*");
      return false;
    }
  }

  /**
   * No block is handed out that was asked for after a region went offline, and not put online
   * before it came: whatever hints there are, and whatever is freed there by then.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void noBlockComesFromARegionAfterItWentOffline(int threads) {
    Region away = Fixtures.pages(1024, 1200);
    AtomicLong phase = new AtomicLong();
    AtomicBoolean running = new AtomicBoolean(true);
    OverlapOracle oracle = new OverlapOracle(0, 4096);
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.pages(3000, 600), away)) {
      Threads.platform(
          threads + 1,
          thread -> {
            if (thread < threads) {
              churn(allocator, away, phase, oracle, thread + 1, running);
              return;
            }
            try {
              for (int round = 0; round < 800; round++) {
                allocator.regions().offline(away);
                phase.incrementAndGet();
                assertThat(allocator.stats().pagesTotal()).isLessThan(1801);
                phase.incrementAndGet();
                allocator.regions().online(away);
              }
            } finally {
              running.set(false);
            }
          });
      AsNew.assertAsNew(allocator);
    }
  }

  /** Odd phases are those in which the region is offline all along. */
  private static void churn(
      BuddyAllocator allocator,
      Region away,
      AtomicLong phase,
      OverlapOracle oracle,
      int owner,
      AtomicBoolean running) {
    SplittableRandom random = new SplittableRandom(owner);
    Deque<long[]> held = new ArrayDeque<>();
    while (running.get() || !held.isEmpty()) {
      if (running.get() && held.size() < 12 && random.nextInt(5) < 3) {
        int order = Math.min(random.nextInt(10), random.nextInt(10));
        long before = phase.get();
        long block = allocator.tryAllocatePages(order);
        boolean offline = before % 2 == 1 && phase.get() == before;
        boolean inside = block >= away.address() && block < away.address() + away.sizeBytes();
        assertThat(offline && inside).as("from a region offline").isFalse();
        if (block != NO_PAGES) {
          oracle.take(block, order, owner);
          held.add(new long[] {block, order});
        }
      } else if (!held.isEmpty()) {
        long[] block = random.nextBoolean() ? held.removeFirst() : held.removeLast();
        oracle.giveBack(block[0], (int) block[1], owner);
        allocator.freePages(block[0]);
      }
    }
  }

  /** Of a free and a second one, while the region goes: one wins, and the region is gone then. */
  @Test
  void ofRacingFreesIntoARegionThatGoesOneWins() {
    AtomicInteger wins = new AtomicInteger();
    AtomicLong block = new AtomicLong();
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(1000, 1)) {
      long held = allocator.allocatePages(0);
      CyclicBarrier start =
          new CyclicBarrier(
              3,
              () -> {
                assertThat(wins.getAndSet(0)).isLessThan(2);
                allocator.regions().add(page(0));
                block.set(allocator.allocatePages(0));
              });
      Threads.platform(
          3,
          thread -> {
            for (int round = 0; round < 1500; round++) {
              start.await();
              if (thread == 2) {
                Fixtures.evacuate(allocator, page(0)).get(1, TimeUnit.MINUTES);
                allocator.regions().remove(page(0));
              } else if (freed(allocator, block.get())) {
                wins.incrementAndGet();
              }
            }
          });
      allocator.freePages(held);
      assertThat(allocator.stats().frees()).isEqualTo(1501);
      allocator.validate();
    }
  }

  private static boolean freed(BuddyAllocator allocator, long address) {
    try {
      allocator.freePages(address);
      return true;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageMatching(".* (is not allocated|lies in no region).*");
      return false;
    }
  }

  /** Each region is closed once, or belongs to who was refused. */
  @Test
  void closingWhileRegionsComeAndGo() {
    for (int round = 0; round < 100; round++) {
      List<UserRegion> added = new ArrayList<>();
      List<UserRegion> refused = new ArrayList<>();
      BuddyAllocator allocator = Fixtures.allocatorOfPages(1000, 1);
      CyclicBarrier start = new CyclicBarrier(2);
      Threads.platform(
          2,
          thread -> {
            start.await();
            if (thread == 0) {
              allocator.freePages(allocator.allocatePages(0));
              allocator.close();
            } else {
              comeAndGo(allocator.regions(), added, refused);
            }
          });
      assertThat(added).extracting(region -> region.closes).allMatch(closes -> closes == 1);
      assertThat(refused).hasSizeLessThanOrEqualTo(1);
      assertThat(refused).extracting(region -> region.closes).allMatch(closes -> closes == 0);
      assertThatThrownBy(() -> allocator.regions().list()).hasMessage("the allocator is closed");
    }
  }

  private static void comeAndGo(
      RegionSet regions, List<UserRegion> added, List<UserRegion> refused) {
    try {
      for (int page = 2000; page < 100_000; page++) {
        UserRegion region = UserRegion.pages(page, 1);
        refused.add(region);
        regions.add(region);
        refused.clear();
        added.add(region);
        if (page % 3 != 0) {
          regions.remove(region);
        }
      }
      throw new AssertionError("never closed");
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("the allocator is closed");
    }
  }
}
