package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that use the allocator while memory is given back all the time. */
@Timeout(240)
class ConcurrentDecommitTest {

  private static final int OPERATIONS = 60_000;
  private static final int UNIT = Tiers.UNIT_ORDER;

  /** A block that a thread holds: every page of it says whose it is. */
  private record Block(long address, int order) {}

  /** Runs workers, and one thread more that goes on until all of them have ended. */
  private static void run(int workers, Threads.Task worker, Runnable meanwhile) {
    AtomicInteger working = new AtomicInteger(workers);
    Threads.platform(
        workers + 1,
        thread -> {
          if (thread == workers) {
            do {
              meanwhile.run();
            } while (working.get() > 0);
          } else {
            try {
              worker.run(thread);
            } finally {
              working.getAndDecrement();
            }
          }
        });
  }

  /**
   * As many units as workers, each of which holds one at most: one is free at every moment. They go
   * on until some memory was given back.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aRequestNeverFailsWhileItsBlockIsGivenBack(int workers) {
    RecordingRegion region = RecordingRegion.ofUnits(workers);
    AtomicBoolean givenBack = new AtomicBoolean();
    region.answer(
        (address, sizeBytes) -> {
          givenBack.set(true);
          return true;
        });
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      run(
          workers,
          thread -> {
            for (int op = 0; op < OPERATIONS / workers || !givenBack.get(); op++) {
              allocator.freePages(allocator.allocatePages(UNIT - op % 2 * (1 + thread)));
            }
          },
          allocator::trim);
      assertThat(allocator.stats().failedAllocations()).isZero();
      assertThat(allocator.stats().memory().decommits()).isPositive();
      AsNew.assertAsNew(allocator);
    }
  }

  /** The only unit is being given back, for as long as the request has not begun to wait for it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5, 9})
  void aRequestWaitsForTheLastUnit(int order) throws InterruptedException {
    RecordingRegion region = RecordingRegion.ofUnits(1);
    List<Thread> requesters = new ArrayList<>();
    AtomicLong address = new AtomicLong(NO_PAGES);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      region.answer(
          (where, sizeBytes) -> {
            Thread thread =
                Thread.ofPlatform().start(() -> address.set(allocator.tryAllocatePages(order)));
            requesters.add(thread);
            while (thread.getState() != Thread.State.WAITING) {
              assertThat(thread.isAlive()).as("the request was refused").isTrue();
              Thread.onSpinWait();
            }
            return true;
          });
      allocator.freePages(allocator.allocatePages(UNIT));
      assertThat(allocator.trim()).isEqualTo(2 * MIB);
      requesters.getFirst().join();
      assertThat(address).hasValue(0L);
    }
  }

  /** A unit that is kept looks like a block of a run, to whoever does not wait. */
  @Test
  void aRunWaitsForTheUnitItIsToHave() throws InterruptedException {
    RecordingRegion region = RecordingRegion.ofUnits(2);
    List<Thread> requesters = new ArrayList<>();
    AtomicLong address = new AtomicLong(NO_PAGES);
    PageRequest request = PageRequest.ofPages(3).at(5 * PAGE_BYTES);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      region.answer(
          (where, sizeBytes) -> {
            Thread thread =
                Thread.ofPlatform().start(() -> address.set(allocator.runs().tryAllocate(request)));
            requesters.add(thread);
            while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
            return true;
          });
      allocator.freePages(allocator.allocatePages(UNIT));
      assertThat(allocator.trim()).isEqualTo(2 * MIB);
      requesters.getFirst().join();
      assertThat(address).hasValue(5 * PAGE_BYTES);
    }
  }

  /** Blocks are dirty from their first to their last moment; zeroed ones must be zero. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void nothingOverlapsAndZeroesAreZero(int workers) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(24 * MIB)) {
      long base = allocator.allocatePages(UNIT + 3);
      allocator.freePages(base);
      run(workers, thread -> churn(allocator, thread), allocator::trim);
      allocator.validate();
      MemoryStats memory = allocator.stats().memory();
      assertThat(memory.usedBytes()).isZero();
      assertThat(memory.decommits()).isPositive();
      AsNew.assertAsNew(allocator);
      allocator.trim();
      assertThat(allocator.stats().memory().committedBytes()).isZero();
    }
  }

  private static void churn(BuddyAllocator allocator, int thread) {
    SplittableRandom random = new SplittableRandom(thread);
    ZeroedAllocator zeroed = allocator.zeroed();
    List<Block> held = new ArrayList<>();
    for (int operation = 0; operation < OPERATIONS / 6; operation++) {
      int order = Math.min(random.nextInt(12), random.nextInt(12));
      int choice = random.nextInt(10);
      if (choice < 4) {
        take(allocator, allocator.tryAllocatePages(order), order, thread, held);
      } else if (choice < 5) {
        long address = zeroed.tryAllocatePages(order);
        assertStamps(allocator, address, order, 0);
        take(allocator, address, order, thread, held);
      } else if (!held.isEmpty()) {
        free(allocator, held.remove(random.nextInt(held.size())), thread);
      }
    }
    held.forEach(block -> free(allocator, block, thread));
  }

  private static void take(
      BuddyAllocator allocator, long address, int order, int thread, List<Block> held) {
    if (address != NO_PAGES) {
      stamp(allocator, address, thread + 1L);
      held.add(new Block(address, order));
    }
  }

  private static void free(BuddyAllocator allocator, Block block, int thread) {
    assertStamps(allocator, block.address(), block.order(), thread + 1L);
    allocator.freePages(block.address());
  }

  private static void stamp(BuddyAllocator allocator, long address, long stamp) {
    MemorySegment segment = allocator.segment(address);
    for (long offset = 0; offset < segment.byteSize(); offset += PAGE_BYTES) {
      segment.set(ValueLayout.JAVA_LONG, offset, stamp);
    }
  }

  private static void assertStamps(
      BuddyAllocator allocator, long address, int order, long expected) {
    if (address != NO_PAGES) {
      MemorySegment segment = allocator.segment(address);
      assertThat(segment.byteSize()).isEqualTo(PAGE_BYTES << order);
      for (long offset = 0; offset < segment.byteSize(); offset += PAGE_BYTES) {
        long stamp = segment.get(ValueLayout.JAVA_LONG, offset);
        if (stamp != expected) {
          throw new AssertionError(
              "page at 0x%x of a block of order %d says %d, not %d"
                  .formatted(address + offset, order, stamp, expected));
        }
      }
    }
  }

  @Test
  void figuresAreOfOneMomentWhileMemoryIsGivenBack() {
    RecordingRegion region = RecordingRegion.ofUnits(64);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      run(
          2,
          thread -> {
            for (int operation = 0; operation < 3_000; operation++) {
              if (thread == 0) {
                Fixtures.freeAll(allocator, List.of(allocator.allocatePages(UNIT + 2)));
              } else {
                AllocatorStats stats = allocator.stats();
                assertThat(stats.pagesTotal()).isEqualTo(64 * Tiers.UNIT_PAGES);
                assertThat(stats.memory().cachedBytes()).isNotNegative();
                assertThat(stats.memory().committedBytes() + stats.memory().decommittedBytes())
                    .isLessThanOrEqualTo(stats.memory().reservedBytes());
              }
            }
          },
          allocator::trim);
      AsNew.assertAsNew(allocator);
    }
  }
}
