package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The raw path makes no garbage, and the path by segments the segment alone: heap bytes of warm
 * operations, counted by the JVM.
 */
class GarbageFootprintTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int OPERATIONS = 100_000;
  private static final int ROUNDS = 20;

  /** Who may use the allocator. */
  enum Door {
    SHARED {
      @Override
      BuddyAllocator.Builder of(BuddyAllocator.Builder builder) {
        return builder;
      }
    },
    CONFINED {
      @Override
      BuddyAllocator.Builder of(BuddyAllocator.Builder builder) {
        return builder.confined();
      }
    };

    abstract BuddyAllocator.Builder of(BuddyAllocator.Builder builder);

    BuddyAllocator over(Region... regions) {
      BuddyAllocator.Builder builder = of(BuddyAllocator.builder());
      Arrays.stream(regions).forEach(builder::region);
      return builder.build();
    }

    BuddyAllocator overTwoRegions() {
      return over(Fixtures.pages(0, 1 << 12), Fixtures.pages(1 << 13, 1 << 12));
    }
  }

  /** Where segments are stored, so that the compiler cannot do without them. */
  private final MemorySegment[] segments = new MemorySegment[1];

  @ParameterizedTest
  @EnumSource
  void pairs(Door door) {
    try (BuddyAllocator allocator = door.overTwoRegions()) {
      assertThat(
              leastGarbage(
                  () -> {
                    for (int operation = 0; operation < OPERATIONS; operation++) {
                      allocator.freePages(allocator.allocatePages(operation % 10));
                    }
                    return allocator.pageSizeBytes();
                  }))
          .isZero();
    }
  }

  /** Through all orders, from all free to nothing left and back: splits, merges, searches. */
  @ParameterizedTest
  @EnumSource
  void fillingAndEmptying(Door door) {
    try (BuddyAllocator allocator = door.overTwoRegions()) {
      long[] blocks = new long[1 << 13];
      assertThat(
              leastGarbage(
                  () -> {
                    long count = 0;
                    for (int order = 0; order < 12; order++) {
                      count += fillAndEmpty(allocator, blocks, order);
                    }
                    return count;
                  }))
          .isZero();
      allocator.validate();
    }
  }

  private static int fillAndEmpty(BuddyAllocator allocator, long[] blocks, int order) {
    int count = 0;
    for (long block = allocator.tryAllocatePages(order);
        block != NO_PAGES;
        block = allocator.tryAllocatePages(order)) {
      blocks[count++] = block;
    }
    for (int freed = 0; freed < count; freed++) {
      allocator.freePages(blocks[freed]);
    }
    return count;
  }

  @ParameterizedTest
  @EnumSource
  void churnWithRefusals(Door door) {
    try (BuddyAllocator allocator = door.overTwoRegions()) {
      long[] live = new long[2_048];
      Arrays.fill(live, NO_PAGES);
      SplittableRandom random = new SplittableRandom(1);
      assertThat(leastGarbage(() -> churn(allocator, live, random))).isZero();
      allocator.validate();
      assertThat(allocator.stats().failedAllocations()).isPositive();
    }
  }

  private static long churn(BuddyAllocator allocator, long[] live, SplittableRandom random) {
    for (int operation = 0; operation < OPERATIONS; operation++) {
      int slot = random.nextInt(live.length);
      if (live[slot] != NO_PAGES) {
        allocator.freePages(live[slot]);
      }
      live[slot] = allocator.tryAllocatePages(Long.numberOfTrailingZeros(random.nextLong() | 512));
    }
    return live[0];
  }

  /** More threads than slots, so that some share one. */
  @Test
  void pairsOfManyThreads() {
    try (BuddyAllocator allocator = Door.SHARED.overTwoRegions()) {
      long[] garbage = new long[64];
      CyclicBarrier all = new CyclicBarrier(garbage.length);
      Threads.platform(
          garbage.length,
          thread -> {
            all.await();
            garbage[thread] = leastGarbage(() -> smallPairs(allocator));
            all.await();
          });
      assertThat(garbage).containsOnly(0);
    }
  }

  private static long smallPairs(BuddyAllocator allocator) {
    for (int operation = 0; operation < OPERATIONS / 50; operation++) {
      allocator.freePages(allocator.allocatePages(operation % 7));
    }
    return allocator.pageSizeBytes();
  }

  @ParameterizedTest
  @CsvSource({
    "SHARED, 1, 1",
    "SHARED, 20000, 16384",
    "SHARED, 69632, 4096",
    "SHARED, 2100000, 65536",
    "CONFINED, 1, 1",
    "CONFINED, 20000, 16384",
    "CONFINED, 69632, 4096"
  })
  void theSegmentAlone(Door door, long sizeBytes, long alignmentBytes) {
    try (BuddyAllocator allocator = door.over(Fixtures.memory(16 * MIB))) {
      long garbage =
          leastGarbage(
              () -> {
                for (int operation = 0; operation < OPERATIONS; operation++) {
                  segments[0] = allocator.allocate(sizeBytes, alignmentBytes);
                  allocator.free(segments[0]);
                }
                return segments[0].byteSize();
              });
      assertThat(garbage).isEqualTo(garbageOfSlices());
    }
  }

  /** Runs at random, of up to two units, until there is room for none, and on. */
  @ParameterizedTest
  @EnumSource
  void churnOfRuns(Door door) {
    try (BuddyAllocator allocator = door.over(Fixtures.pages(0, 1 << 14))) {
      PageRequest[] requests = new PageRequest[1_024];
      for (int pages = 1; pages <= requests.length; pages++) {
        requests[pages - 1] = PageRequest.ofPages(pages);
      }
      long[] live = new long[24];
      Arrays.fill(live, NO_PAGES);
      SplittableRandom random = new SplittableRandom(1);
      assertThat(leastGarbage(() -> churnOfRuns(allocator, live, requests, random))).isZero();
      allocator.validate();
      assertThat(allocator.stats().failedAllocations()).isZero();
    }
  }

  private static long churnOfRuns(
      BuddyAllocator allocator, long[] live, PageRequest[] requests, SplittableRandom random) {
    for (int operation = 0; operation < OPERATIONS / 10; operation++) {
      int slot = random.nextInt(live.length);
      if (live[slot] != NO_PAGES) {
        allocator.freePages(live[slot]);
      }
      int most = 1 << random.nextInt(9);
      live[slot] = allocator.runs().tryAllocate(requests[random.nextInt(most)]);
    }
    return live[0];
  }

  /** At a place, in a window, from the top, aligned; and grown and shrunk there. */
  @ParameterizedTest
  @EnumSource
  void placesOfRuns(Door door) {
    try (BuddyAllocator allocator = door.overTwoRegions()) {
      PageRequest[] requests = {
        PageRequest.ofPages(17).at(33 * 4096),
        PageRequest.ofPages(17).within(4096, 100 * 4096),
        PageRequest.ofPages(17).topDown(),
        PageRequest.ofPages(17).alignedTo(1 << 20),
        PageRequest.ofBytes(600 * 4096)
      };
      assertThat(
              leastGarbage(
                  () -> {
                    long grown = 0;
                    for (int operation = 0; operation < OPERATIONS / 10; operation++) {
                      grown += resized(allocator, requests[operation % requests.length]);
                    }
                    return grown;
                  }))
          .isZero();
    }
  }

  private static int resized(BuddyAllocator allocator, PageRequest request) {
    long run = allocator.runs().allocate(request);
    int grown = allocator.runs().resize(run, 20) ? 1 : 0;
    grown += allocator.runs().resize(run, 5) ? 1 : 0;
    grown += (int) allocator.runs().pageCountAt(run);
    allocator.freePages(run);
    return grown;
  }

  /** Returns what as many segments cost that are nothing but slices of another one. */
  private long garbageOfSlices() {
    try (BuddyAllocator allocator = Door.SHARED.over(Fixtures.memory(MIB))) {
      MemorySegment whole = allocator.allocate(MIB);
      return leastGarbage(
          () -> {
            for (int operation = 0; operation < OPERATIONS; operation++) {
              segments[0] = whole.asSlice(operation % 64, 1);
            }
            return segments[0].byteSize();
          });
    }
  }

  @Test
  void theGaugeSeesGarbage() {
    assertThat(leastGarbage(() -> new long[1_000].length)).isGreaterThan(7_999);
    assertThat(garbageOfSlices()).isGreaterThan(16L * OPERATIONS);
  }

  /** Repeats until warm; the least of all rounds, as the JVM may allocate for itself meanwhile. */
  private static long leastGarbage(LongSupplier work) {
    long least = Long.MAX_VALUE;
    long result = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      result += work.getAsLong();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(result).isNotEqualTo(Long.MIN_VALUE);
    return least;
  }
}
