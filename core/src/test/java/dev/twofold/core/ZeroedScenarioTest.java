package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Blocks and runs that read as zero, among dirty ones; and of Linux's gpu_buddy suite the scenario
 * of what is cleared and what is not.
 */
class ZeroedScenarioTest {

  private static final int UNIT = Tiers.UNIT_ORDER;

  /** So small that a few MiB are several trees. */
  private static final long SMALL_PAGE_BYTES = 64;

  private static boolean isZero(MemorySegment segment) {
    return segment.mismatch(MemorySegment.ofArray(new byte[(int) segment.byteSize()])) < 0;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exactSizes(boolean confined) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(Fixtures.memory(16 * MIB));
    try (BuddyAllocator allocator = (confined ? builder.confined() : builder).build()) {
      for (int round = 0; round < 3; round++) {
        MemorySegment run = allocator.zeroed().allocate(16 * PAGE_BYTES + 1, 1);
        assertThat(run.byteSize()).isEqualTo(16 * PAGE_BYTES + 1);
        assertThat(allocator.stats().pagesAllocated()).isEqualTo(17);
        MemorySegment whole = allocator.segment(run.address());
        assertThat(whole.byteSize()).isEqualTo(17 * PAGE_BYTES);
        assertThat(isZero(whole)).isTrue();
        whole.fill((byte) 1);
        allocator.free(run);
      }
      AsNew.assertAsNew(allocator);
    }
  }

  /** More than the largest block there is, and aligned to more than its size. */
  @Test
  void anySize() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(24 * MIB)) {
      MemorySegment dirty = allocator.allocate(20 * MIB);
      dirty.fill((byte) 1);
      allocator.free(dirty);
      MemorySegment large = allocator.zeroed().allocate(21 * MIB, PAGE_BYTES);
      assertThat(isZero(large)).isTrue();
      MemorySegment aligned = allocator.zeroed().allocate(1, MIB);
      assertThat(aligned.address() % MIB).isZero();
      assertThat(allocator.stats().pagesAllocated()).isEqualTo(21 * MIB / PAGE_BYTES + 1);
      assertThatThrownBy(() -> allocator.zeroed().allocate(3 * MIB + 1, 1))
          .isInstanceOf(OutOfPagesException.class);
      allocator.validate();
    }
  }

  /** Every second unit is zero, the others are dirty: nobody who asks for more is refused. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void alternatingUnitsMerge(boolean zeroed) {
    try (BuddyAllocator allocator =
        Fixtures.allocator(SMALL_PAGE_BYTES, Fixtures.memory(40 * MIB))) {
      for (int order = UNIT; order <= BuddyAllocator.MAX_ORDER; order++) {
        List<Long> blocks = Fixtures.allocateAll(allocator, order);
        Fixtures.freeAll(allocator, blocks);
        int dirty = alternate(allocator);
        int served = 0;
        for (long block = allocate(allocator, zeroed, order);
            block != NO_PAGES;
            block = allocate(allocator, zeroed, order)) {
          served++;
          MemorySegment segment = allocator.segment(block);
          assertThat(!zeroed || isZero(segment)).as("order %d", order).isTrue();
          segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
          blocks.set(served - 1, block);
        }
        assertThat(served)
            .as("blocks of order %d, %d units dirty", order, dirty)
            .isEqualTo(blocks.size());
        Fixtures.freeAll(allocator, blocks);
        AsNew.assertAsNew(allocator);
      }
    }
  }

  /** None of the blocks that are freed is the one that was allocated last. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aUnitIsNotZeroAnyMoreOnceBlocksOfItWereFreed(boolean confined) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(Regions.anonymous(4 * MIB));
    try (BuddyAllocator allocator = (confined ? builder.confined() : builder).build()) {
      long first = allocator.allocatePages(0);
      long second = allocator.allocatePages(0);
      long last = allocator.allocatePages(UNIT);
      allocator.segment(first).fill((byte) 1);
      allocator.freePages(first);
      allocator.freePages(second);
      allocator.drain();
      long zeroed = allocator.zeroed().allocatePages(UNIT);
      assertThat(
              allocator.segment(zeroed).mismatch(MemorySegment.ofArray(new byte[(int) (2 * MIB)])))
          .isEqualTo(-1);
      allocator.freePages(last);
      allocator.freePages(zeroed);
    }
  }

  private static long allocate(BuddyAllocator allocator, boolean zeroed, int order) {
    return zeroed ? allocator.zeroed().tryAllocatePages(order) : allocator.tryAllocatePages(order);
  }

  /** Frees every second unit, lets the system have it, and frees the others, which were written. */
  private static int alternate(BuddyAllocator allocator) {
    List<Long> units = Fixtures.allocateAll(allocator, UNIT);
    List<Long> dirty = Fixtures.every(2, 0, units);
    dirty.forEach(unit -> allocator.segment(unit).fill((byte) 1));
    Fixtures.freeAll(allocator, Fixtures.every(2, 1, units));
    allocator.trim();
    Fixtures.freeAll(allocator, dirty);
    return dirty.size();
  }

  /** A thread that takes back and frees the block it knows has to look whether it went back. */
  @Test
  void theKnownBlockIsNotZeroAnyMoreAfterItWentBack() {
    try (BuddyAllocator allocator = Fixtures.allocator(Regions.anonymous(4 * MIB))) {
      for (int round = 0; round < 3; round++) {
        allocator.freePages(allocator.allocatePages(UNIT));
        allocator.freePages(allocator.allocatePages(UNIT)); // By now the thread guesses its word.
        allocator.trim();
        long known = allocator.allocatePages(UNIT);
        allocator.segment(known).fill((byte) 1);
        allocator.freePages(known);
        long other = allocator.zeroed().allocatePages(UNIT);
        long last = allocator.zeroed().allocatePages(UNIT);
        assertThat(isZero(allocator.segment(other))).isTrue();
        assertThat(isZero(allocator.segment(last))).isTrue();
        allocator.freePages(other);
        allocator.freePages(last);
      }
    }
  }

  @Test
  void zeroUnitsComeFirst() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(SMALL_PAGE_BYTES, Fixtures.memory(40 * MIB))) {
      List<Long> units = Fixtures.allocateAll(allocator, UNIT);
      Fixtures.freeAll(allocator, units);
      alternate(allocator);
      long unitBytes = SMALL_PAGE_BYTES << UNIT;
      long block = allocator.zeroed().allocatePages(UNIT);
      List<Long> zero = Fixtures.every(2, 1, units);
      assertThat(zero).as("units of %d bytes", unitBytes).contains(block);
    }
  }

  /** Sizes and holes of all kinds: what is asked for as zero is zero, whoever had it before. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mixedSizes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ArrayDeque<MemorySegment> held = new ArrayDeque<>();
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(24 * MIB)) {
      for (int step = 0; step < 2_000; step++) {
        long size = 1 + random.nextLong(1L << random.nextInt(8, 22));
        boolean zeroed = random.nextBoolean();
        while (allocator.stats().pagesAllocated() * PAGE_BYTES + size > 12 * MIB) {
          allocator.free(held.remove());
        }
        MemorySegment segment =
            zeroed ? allocator.zeroed().allocate(size, 1) : allocator.allocate(size, 1);
        assertThat(!zeroed || isZero(segment)).as("seed %d, step %d", seed, step).isTrue();
        segment.fill((byte) 7);
        if (random.nextBoolean()) {
          held.add(segment);
        } else {
          allocator.free(segment);
        }
        if (step % 200 == 0) {
          allocator.trim();
        }
      }
      held.forEach(allocator::free);
      AsNew.assertAsNew(allocator);
    }
  }
}
