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
  @CsvSource({"SHARED, 1, 1", "SHARED, 30000, 16384", "CONFINED, 1, 1", "CONFINED, 30000, 16384"})
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

  /** Segments that are runs cost more: what looks for a place and locks the trees. */
  @ParameterizedTest
  @EnumSource
  void aSegmentThatIsARun(Door door) {
    try (BuddyAllocator allocator = door.over(Fixtures.memory(16 * MIB))) {
      long garbage =
          leastGarbage(
              () -> {
                for (int operation = 0; operation < OPERATIONS; operation++) {
                  segments[0] = allocator.allocate(20_000, 1);
                  allocator.free(segments[0]);
                }
                return segments[0].byteSize();
              });
      System.out.println("garbage of a run that is a segment: " + garbage / OPERATIONS + " bytes");
      assertThat(garbage).isLessThan(600L * OPERATIONS);
    }
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
