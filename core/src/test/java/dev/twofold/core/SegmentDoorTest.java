package dev.twofold.core;

import static dev.twofold.core.Fixtures.GIB;
import static dev.twofold.core.Fixtures.KIB;
import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments: their sizes and places, and that anonymous memory is what it says it is. */
class SegmentDoorTest {

  @ParameterizedTest
  @CsvSource({
    // size, alignment, pages
    "0, 1, 1",
    "1, 1, 1",
    "1, 4096, 1",
    "4096, 8, 1",
    "4097, 8, 2",
    "1, 8192, 1",
    "1, 1048576, 1",
    "1048576, 1, 256",
    "1048577, 64, 257",
    "8192, 65536, 2",
    "100000, 1, 25",
    "100000, 1048576, 25"
  })
  void segmentHasTheAskedSizeAndThePagesThatHoldIt(long size, long alignment, long pages) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(4 * MIB)) {
      AllocatorStats fresh = allocator.stats();
      MemorySegment segment = allocator.allocate(size, alignment);
      assertThat(segment.byteSize()).isEqualTo(size);
      assertThat(segment.address() % alignment).isZero();
      assertThat(allocator.runs().pageCountAt(segment.address())).isEqualTo(pages);
      assertThat(allocator.segment(segment.address()).byteSize()).isEqualTo(PAGE_BYTES * pages);
      assertThat(allocator.stats().pagesAllocated()).isEqualTo(pages);
      segment.fill((byte) -1);
      allocator.free(segment);
      assertThat(allocator.stats().freeBlocks()).isEqualTo(fresh.freeBlocks());
      allocator.validate();
    }
  }

  @Test
  void segmentsOfTheInterfacesOtherMethods() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(MIB)) {
      SegmentAllocator door = allocator;
      MemorySegment text = door.allocateFrom("buddy");
      MemorySegment numbers = door.allocateFrom(ValueLayout.JAVA_LONG, 1, 2, 3);
      MemorySegment array = door.allocate(ValueLayout.JAVA_INT, 1_000);
      assertThat(text.getString(0)).isEqualTo("buddy");
      assertThat(numbers.toArray(ValueLayout.JAVA_LONG)).containsExactly(1, 2, 3);
      assertThat(array.byteSize()).isEqualTo(4_000);
      List.of(text, numbers, array).forEach(allocator::free);
      assertThat(allocator.stats().pagesFree()).isEqualTo(256);
    }
  }

  @Test
  void sliceThatStartsWhereItsBlockDoesFreesIt() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(MIB)) {
      MemorySegment segment = allocator.allocate(3 * PAGE_BYTES);
      MemorySegment tail = segment.asSlice(8);
      assertThatThrownBy(() -> allocator.free(tail)).isInstanceOf(IllegalArgumentException.class);
      allocator.free(segment.asSlice(0, 1));
      assertThat(allocator.stats().pagesAllocated()).isZero();
    }
  }

  @Test
  void blocksDoNotShareBytes() {
    try (BuddyAllocator allocator =
        Fixtures.allocator(Fixtures.memory(MIB), Fixtures.memory(3 * PAGE_BYTES))) {
      List<MemorySegment> segments = new ArrayList<>();
      for (long address : Fixtures.allocateAll(allocator, 0)) {
        segments.add(allocator.segment(address));
      }
      assertThat(segments).hasSizeGreaterThanOrEqualTo(259);
      segments.forEach(segment -> segment.set(ValueLayout.JAVA_LONG, 0, segment.address()));
      assertThat(segments)
          .allMatch(segment -> segment.get(ValueLayout.JAVA_LONG, 0) == segment.address());
    }
  }

  @Test
  void anonymousMemoryReadsAsZeroAndCanBeWrittenToItsLastByte() {
    try (Region region = Fixtures.memory(5 * MIB + 1)) {
      MemorySegment memory = region.memory().orElseThrow();
      long last = region.sizeBytes() - 1;
      assertThat(region.sizeBytes()).isGreaterThan(5 * MIB);
      assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isZero();
      assertThat(memory.get(ValueLayout.JAVA_BYTE, last)).isZero();
      memory.set(ValueLayout.JAVA_BYTE, last, (byte) 5);
      assertThat(memory.get(ValueLayout.JAVA_BYTE, last)).isEqualTo((byte) 5);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4 * KIB, 12 * KIB, MIB, 5 * MIB, GIB, 3 * GIB, GIB - 1})
  void anonymousMemoryStartsAtTheLargestPowerOfTwoThatFitsIt(long sizeBytes) {
    try (Region region = Fixtures.memory(sizeBytes)) {
      long alignment = Math.min(Long.highestOneBit(sizeBytes), GIB);
      assertThat(region.address() % alignment).isZero();
      assertThat(region.sizeBytes()).isBetween(sizeBytes, sizeBytes + 64 * KIB);
      assertThat(region).hasToString(described(region));
    }
  }

  private static String described(Region region) {
    return "AnonymousRegion[address=0x%x, sizeBytes=%d]"
        .formatted(region.address(), region.sizeBytes());
  }

  @Test
  void memoryThatTheSystemCannotGiveIsRefusedAndNothingKept() {
    List<Region> regions = new ArrayList<>();
    try {
      assertThatThrownBy(() -> reserveTooMuch(regions))
          .isInstanceOf(OutOfMemoryError.class)
          .hasMessageContaining("the system refused to reserve");
    } finally {
      regions.forEach(Region::close);
    }
    try (Region small = Fixtures.memory(1)) {
      assertThat(small.memory()).isPresent();
    }
  }

  /** 64 PiB altogether: more than a process can address with four levels of page tables. */
  private static void reserveTooMuch(List<Region> regions) {
    for (int count = 0; count < 1024; count++) {
      regions.add(Fixtures.memory(1L << 46));
    }
  }

  @Test
  void bareRangesServeNoSegments() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      long block = allocator.allocatePages(0);
      long digest = allocator.digest();
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(
              () -> allocator.allocate(1),
              () -> allocator.allocate(1, 4096),
              () -> allocator.segment(block))) {
        assertThatThrownBy(use)
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessage("there is no memory behind a bare range of addresses; use allocatePages");
      }
      assertThat(allocator.digest()).isEqualTo(digest);
      assertThat(allocator.stats().failedAllocations()).isZero();
      allocator.free(MemorySegment.ofAddress(block));
      assertThat(allocator.stats().pagesFree()).isEqualTo(8);
    }
  }
}
