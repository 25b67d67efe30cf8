package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** A caller's own memory as a region: it stays the caller's. */
class SegmentRegionDoorTest {

  @Test
  void memoryOutlivesTheAllocator() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(MIB, PAGE_BYTES);
      Region region = Regions.segment(memory);
      assertThat(region)
          .hasToString("SegmentRegion[address=0x%x, sizeBytes=%d]", memory.address(), MIB);
      MemorySegment block;
      try (BuddyAllocator allocator = Fixtures.allocator(region)) {
        block = allocator.allocate(PAGE_BYTES);
        block.fill((byte) 3);
      }
      region.close();
      assertThat(block.get(ValueLayout.JAVA_BYTE, PAGE_BYTES - 1)).isEqualTo((byte) 3);
      assertThat(memory.asSlice(block.address() - memory.address()).get(ValueLayout.JAVA_BYTE, 0))
          .isEqualTo((byte) 3);
      assertThat(Fixtures.allocator(Regions.segment(memory)).stats().pagesFree()).isEqualTo(256);
    }
  }

  @Test
  void arenaThatIsClosedFirstTakesTheMemoryButNotTheAddresses() {
    Arena arena = Arena.ofShared();
    try (BuddyAllocator allocator =
        Fixtures.allocator(Regions.segment(arena.allocate(MIB, PAGE_BYTES)))) {
      MemorySegment before = allocator.allocate(1);
      arena.close();
      assertThatThrownBy(() -> before.get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
      long address = allocator.allocatePages(0);
      MemorySegment after = allocator.segment(address);
      assertThatThrownBy(() -> after.get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
      allocator.freePages(address);
      allocator.free(before);
      assertThat(allocator.stats().pagesFree()).isEqualTo(256);
    }
  }

  @Test
  void segmentsThatDoNotServe() {
    assertRefused(MemorySegment.ofArray(new byte[8192]), "lies on the heap; ");
    assertRefused(MemorySegment.NULL, "is empty; ");
    Arena arena = Arena.ofShared();
    MemorySegment memory = arena.allocate(8192, PAGE_BYTES);
    assertRefused(memory.asReadOnly(), "is read-only; ");
    arena.close();
    assertRefused(memory, "is closed; ");
    try (Arena confined = Arena.ofConfined()) {
      assertRefused(confined.allocate(8192), "is confined to a thread; ");
    }
  }

  private static void assertRefused(MemorySegment memory, String why) {
    assertThatThrownBy(() -> Regions.segment(memory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the segment " + why);
  }
}
