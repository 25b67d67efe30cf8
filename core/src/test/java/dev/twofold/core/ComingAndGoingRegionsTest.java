package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A thousand regions of real memory, each of which carries the whole load for a while. Every page
 * that a thread has is stamped: a page that two have, or that was given back to the system, shows.
 */
class ComingAndGoingRegionsTest {

  private static final int REGIONS = 1000;
  private static final int THREADS = 3;
  private static final int MAX_HELD = 8;
  private static final int MAX_HANDED_OVER = 16;
  private static final int MAX_ORDER = 4;

  /**
   * A block spoils one place for a block of the largest order, so one region serves all: there are
   * 64 places and at most 44 blocks.
   */
  private static final long SIZE_BYTES = 4 * MIB;

  /** Counts regions that are to be evacuated: whoever sees another number frees what it has. */
  private final AtomicInteger evacuations = new AtomicInteger();

  private final AtomicBoolean running = new AtomicBoolean(true);
  private final BlockingQueue<MemorySegment> handedOver = new ArrayBlockingQueue<>(MAX_HANDED_OVER);

  @Test
  void aThousandRegionsUnderLoadLeaveNothingBehind() throws IOException {
    Region region = Fixtures.memory(SIZE_BYTES);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      run(allocator, region, REGIONS / 10);
      int mappings = mappings();
      long mappedBytes = mappedBytes();
      Region last = allocator.regions().list().getFirst().region();
      run(allocator, last, REGIONS);
      assertNoneLost(allocator);
      if (ProcessMemory.isTold()) {
        System.out.printf(
            "%d regions: %+d mappings, %+d bytes%n",
            REGIONS, mappings() - mappings, mappedBytes() - mappedBytes);
        assertThat(mappings()).isLessThan(mappings + REGIONS / 4);
        assertThat(mappedBytes()).isLessThan(mappedBytes + REGIONS * SIZE_BYTES / 16);
      }
    }
  }

  private static void assertNoneLost(BuddyAllocator allocator) {
    AllocatorStats stats = allocator.stats();
    assertThat(stats.failedAllocations()).isZero();
    assertThat(stats.allocations()).isEqualTo(stats.frees());
    assertThat(allocator.regions().list()).hasSize(1);
    LockedTree[] trees = PrivateParts.only(PrivateParts.trees(allocator), LockedTree[].class);
    assertThat(trees).hasSizeLessThanOrEqualTo(4);
    AsNew.assertAsNew(allocator);
    Region last = allocator.regions().list().getFirst().region();
    try (BuddyAllocator fresh = Fixtures.allocator(Fixtures.range(last.address(), SIZE_BYTES))) {
      assertThat(stats.freeBlocks()).isEqualTo(fresh.stats().freeBlocks());
    }
  }

  private static int mappings() throws IOException {
    if (!ProcessMemory.isTold()) {
      System.out.println("not counted as the system does not tell of its memory: mappings");
    }
    return ProcessMemory.isTold() ? ProcessMemory.mappings() : 0;
  }

  private static long mappedBytes() throws IOException {
    return ProcessMemory.isTold() ? ProcessMemory.mappedBytes() : 0;
  }

  private void run(BuddyAllocator allocator, Region first, int count) {
    running.set(true);
    Threads.platform(
        THREADS + 1,
        thread -> {
          if (thread < THREADS) {
            load(allocator, thread + 1);
            return;
          }
          try {
            replace(allocator, first, count);
          } finally {
            running.set(false);
          }
        });
    freeAll(allocator, new ArrayList<>());
  }

  /** At every moment a region is online; the latest alone when the former one is offline. */
  private void replace(BuddyAllocator allocator, Region first, int count) throws Exception {
    Region former = first;
    for (int number = 0; number < count; number++) {
      Region latest = Fixtures.memory(SIZE_BYTES + number % 3 * PAGE_BYTES);
      allocator.regions().add(latest);
      CompletableFuture<Void> evacuation = Fixtures.evacuate(allocator, former);
      evacuations.incrementAndGet();
      long block = allocator.allocatePages(0);
      assertThat(block - latest.address()).isBetween(0L, latest.sizeBytes() - 1);
      evacuation.get(1, TimeUnit.MINUTES);
      allocator.regions().remove(former);
      assertThat(former.memory().orElseThrow().scope().isAlive()).isFalse();
      allocator.freePages(block);
      former = latest;
    }
  }

  private void load(BuddyAllocator allocator, int owner) {
    SplittableRandom random = new SplittableRandom(owner);
    List<MemorySegment> held = new ArrayList<>();
    int evacuation = 0;
    while (running.get()) {
      if (evacuation != evacuations.get()) {
        evacuation = evacuations.get();
        freeAll(allocator, held);
      }
      int choice = random.nextInt(100);
      if (choice < 50 && held.size() < MAX_HELD) {
        held.add(allocate(allocator, Math.min(random.nextInt(MAX_ORDER + 1), random.nextInt(6))));
      } else if (choice < 60 && !held.isEmpty() && handedOver.offer(held.getLast())) {
        held.removeLast();
      } else if (choice < 75) {
        MemorySegment block = handedOver.poll();
        if (block != null) {
          free(allocator, block);
        }
      } else if (!held.isEmpty()) {
        free(allocator, held.remove(random.nextInt(held.size())));
      }
    }
    freeAll(allocator, held);
  }

  private void freeAll(BuddyAllocator allocator, List<MemorySegment> held) {
    handedOver.drainTo(held);
    held.forEach(block -> free(allocator, block));
    held.clear();
  }

  private static MemorySegment allocate(BuddyAllocator allocator, int order) {
    MemorySegment block = allocator.segment(allocator.allocatePages(order));
    for (long offset = 0; offset < block.byteSize(); offset += PAGE_BYTES) {
      exchange(block, offset, 0, block.address());
    }
    return block;
  }

  private static void free(BuddyAllocator allocator, MemorySegment block) {
    assertThat(allocator.segment(block.address()).byteSize()).isEqualTo(block.byteSize());
    for (long offset = 0; offset < block.byteSize(); offset += PAGE_BYTES) {
      exchange(block, offset, block.address(), 0);
    }
    allocator.free(block);
  }

  private static void exchange(MemorySegment block, long offset, long from, long to) {
    long stamp = block.get(ValueLayout.JAVA_LONG, offset);
    if (stamp != from) {
      throw new AssertionError(
          "page 0x%x belongs to the block at 0x%x".formatted(block.address() + offset, stamp));
    }
    block.set(ValueLayout.JAVA_LONG, offset, to);
  }
}
