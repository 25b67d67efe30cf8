package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks that read as zero, whatever was in their pages before. */
class ZeroedDoorTest {

  private static final int UNIT = Tiers.UNIT_ORDER;
  private static final long UNIT_BYTES = 2 * MIB;
  private static final long SIZE_BYTES = 24 * MIB;
  private static final int OPERATIONS = 6_000;
  private static final byte DIRT = (byte) 0xA5;

  /** Kinds of memory, and what is in it at first. */
  enum Kind {
    ANONYMOUS,
    CONFINED,
    NEW_FILE,
    FULL_FILE,
    FULL_SEGMENT
  }

  @TempDir private Path directory = Path.of("");

  private BuddyAllocator allocator(Kind kind) throws IOException {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(region(kind));
    return kind == Kind.CONFINED ? builder.confined().build() : builder.build();
  }

  private Region region(Kind kind) throws IOException {
    Path file = directory.resolve("pages");
    return switch (kind) {
      case ANONYMOUS, CONFINED -> Regions.anonymous(SIZE_BYTES);
      case NEW_FILE -> Regions.file(file, SIZE_BYTES);
      case FULL_FILE -> {
        try (Region region = Regions.file(file, SIZE_BYTES)) {
          region.memory().orElseThrow().fill(DIRT);
        }
        yield Regions.existingFile(file, SIZE_BYTES);
      }
      case FULL_SEGMENT ->
          Regions.segment(Arena.ofAuto().allocate(SIZE_BYTES, UNIT_BYTES).fill(DIRT));
    };
  }

  /**
   * Every block is filled with dirt as soon as it was handed out, and stays so when it is freed.
   */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void zeroUnderRandomOperations(Kind kind) throws IOException {
    long seed = System.nanoTime();
    System.out.printf("ZeroedDoorTest.zeroUnderRandomOperations %s, seed %d%n", kind, seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (BuddyAllocator allocator = allocator(kind)) {
      ZeroedAllocator zeroed = allocator.zeroed();
      List<Long> held = new ArrayList<>();
      int zeroes = 0;
      for (int operation = 0; operation < OPERATIONS; operation++) {
        int order = Math.min(random.nextInt(13), random.nextInt(13));
        switch (random.nextInt(9)) {
          case 0, 1 -> soil(allocator, allocator.tryAllocatePages(order), held);
          case 2, 3 -> {
            long address = zeroed.tryAllocatePages(order);
            zeroes += address == NO_PAGES ? 0 : 1;
            assertZero(allocator, address);
            soil(allocator, address, held);
          }
          case 4 -> {
            if (random.nextInt(100) == 0) {
              allocator.trim();
            }
          }
          default -> {
            if (!held.isEmpty()) {
              allocator.freePages(held.remove(random.nextInt(held.size())));
            }
          }
        }
      }
      assertThat(zeroes).isGreaterThan(OPERATIONS / 20);
      Fixtures.freeAll(allocator, held);
      AsNew.assertAsNew(allocator);
    }
  }

  private static void assertZero(BuddyAllocator allocator, long address) {
    if (address != NO_PAGES) {
      assertZero(allocator.segment(address));
    }
  }

  private static void assertZero(MemorySegment segment) {
    MemorySegment zeroes = Arena.ofAuto().allocate(segment.byteSize());
    assertThat(segment.mismatch(zeroes)).isEqualTo(-1);
  }

  private static void soil(BuddyAllocator allocator, long address, List<Long> held) {
    if (address != NO_PAGES) {
      allocator.segment(address).fill(DIRT);
      held.add(address);
    }
  }

  /** Dirt that is written past the allocator shows what was cleared and what was trusted. */
  @Test
  void whatIsKnownToBeZeroIsNotCleared() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(SIZE_BYTES)) {
      ZeroedAllocator zeroed = allocator.zeroed();
      List<Long> units = Fixtures.allocateAll(allocator, UNIT);
      List<MemorySegment> memory = units.stream().map(allocator::segment).toList();
      Fixtures.freeAll(allocator, units);
      allocator.trim();
      memory.forEach(segment -> segment.set(ValueLayout.JAVA_BYTE, 0, DIRT));
      long page = zeroed.allocatePages(0);
      assertThat(first(allocator, page)).as("never handed out since").isEqualTo(DIRT);
      allocator.freePages(page);
      assertThat(first(allocator, zeroed.allocatePages(0))).as("handed out before").isZero();
      assertThat(first(allocator, zeroed.allocatePages(UNIT))).isEqualTo(DIRT);
    }
  }

  private static byte first(BuddyAllocator allocator, long address) {
    return allocator.segment(address).get(ValueLayout.JAVA_BYTE, 0);
  }

  @ParameterizedTest
  @CsvSource({"9, 1", "10, 2", "11, 4"})
  void wholeUnitsThatAreZeroArePreferred(int order, long expectedUnit) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(16 * MIB)) {
      long dirty = allocator.allocatePages(order - 1);
      allocator.freePages(dirty);
      long address = allocator.zeroed().allocatePages(order);
      assertThat((address - dirty) / UNIT_BYTES).isEqualTo(expectedUnit);
      assertZero(allocator, address);
    }
  }

  /** A free unit between others serves, though it is dirty: larger blocks stay whole. */
  @Test
  void noLargerBlockIsBrokenUpForZeroes() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(16 * MIB)) {
      long hole = allocator.allocatePages(UNIT);
      long neighbour = allocator.allocatePages(UNIT);
      allocator.segment(hole).fill(DIRT);
      allocator.freePages(hole);
      assertThat(allocator.zeroed().allocatePages(UNIT)).isEqualTo(hole);
      assertZero(allocator, hole);
      assertThat(Fixtures.serves(allocator, UNIT + 2)).isTrue();
      allocator.freePages(neighbour);
    }
  }

  /** Alternating blocks are dirty; a request for all of them gets them merged, and zero. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 8, 9, 11})
  void dirtNeverPreventsAMerge(int order) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(16 * MIB)) {
      ZeroedAllocator zeroed = allocator.zeroed();
      List<Long> blocks = Fixtures.allocateAll(allocator, order);
      Fixtures.every(2, 0, blocks).forEach(block -> allocator.segment(block).fill(DIRT));
      Fixtures.freeAll(allocator, Fixtures.every(2, 1, blocks));
      allocator.trim();
      Fixtures.freeAll(allocator, Fixtures.every(2, 0, blocks));
      long all = zeroed.allocatePages(UNIT + 3);
      assertThat(all).isNotEqualTo(NO_PAGES);
      assertZero(allocator, all);
      long refusals = allocator.stats().failedAllocations();
      assertThat(zeroed.tryAllocatePages(0)).isEqualTo(NO_PAGES);
      assertThatThrownBy(() -> zeroed.allocatePages(0)).isInstanceOf(OutOfPagesException.class);
      assertThat(allocator.stats().failedAllocations()).isEqualTo(refusals + 2);
    }
  }

  @Test
  void segmentsAreZeroToTheEndOfTheirPages() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(MIB)) {
      List<Long> pages = Fixtures.allocateAll(allocator, 0);
      pages.forEach(page -> allocator.segment(page).fill(DIRT));
      Fixtures.freeAll(allocator, pages);
      MemorySegment segment = allocator.zeroed().allocate(PAGE_BYTES + 1, 4 * PAGE_BYTES);
      assertThat(segment.byteSize()).isEqualTo(PAGE_BYTES + 1);
      assertThat(segment.address() % (4 * PAGE_BYTES)).isZero();
      assertZero(allocator, segment.address());
      assertThat(allocator.stats().pagesAllocated()).isEqualTo(2);
      allocator.free(segment);
      assertThat(allocator.stats().pagesAllocated()).isZero();
    }
  }

  @Test
  void argumentsAreCheckedAsAtTheOtherDoor() {
    BuddyAllocator allocator = Fixtures.allocatorOfMemory(MIB);
    ZeroedAllocator zeroed = allocator.zeroed();
    assertThatThrownBy(() -> zeroed.allocatePages(19)).hasMessage("order must be 0 to 18, not 19");
    assertThatThrownBy(() -> zeroed.tryAllocatePages(-1)).hasMessageContaining("not -1");
    assertThatThrownBy(() -> zeroed.allocate(8, 3))
        .hasMessage("alignment must be a power of two, not 3");
    allocator.close();
    for (int order : new int[] {0, UNIT}) {
      assertThatThrownBy(() -> zeroed.allocatePages(order))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the allocator is closed");
    }
  }

  @Test
  void bareRangesHaveNothingToBeZero() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 16)) {
      assertThatThrownBy(allocator::zeroed)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageStartingWith("there is no memory behind a bare range of addresses");
    }
  }
}
