package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twofold.core.AnonymousOptions.Wish;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that really goes back: what Linux says of it afterwards. */
class DecommitDoorTest {

  private static final int UNIT = Tiers.UNIT_ORDER;

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  static void needsLinux() {
    needs(ProcessMemory.isTold(), "Linux", "all tests of memory that goes back");
  }

  private static void needs(boolean present, String what, String test) {
    if (!present) {
      System.out.printf("skipped for want of %s: %s%n", what, test);
    }
    assumeTrue(present);
  }

  @Test
  void trimGivesAnonymousMemoryBack() throws IOException {
    AnonymousRegion region = Regions.anonymous(64 * MIB);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      List<Long> blocks = Fixtures.allocateAll(allocator, 3);
      blocks.forEach(block -> allocator.segment(block).fill((byte) 1));
      assertCommitted(allocator, region, 64 * MIB);
      long kept = blocks.remove(1000);
      Fixtures.freeAll(allocator, blocks);
      assertCommitted(allocator, region, 64 * MIB);
      assertThat(allocator.trim()).isEqualTo(62 * MIB);
      assertCommitted(allocator, region, 2 * MIB);
      assertThat(allocator.segment(kept).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
      for (long block : Fixtures.allocateAll(allocator, UNIT)) {
        assertZero(allocator.segment(block));
        allocator.segment(block).fill((byte) 2);
      }
      assertCommitted(allocator, region, 64 * MIB);
    }
  }

  private static void assertCommitted(BuddyAllocator allocator, Region region, long bytes)
      throws IOException {
    assertThat(allocator.stats().memory().committedBytes()).isEqualTo(bytes);
    assertThat(ProcessMemory.committedBytes(region.address(), region.sizeBytes())).isEqualTo(bytes);
  }

  private static void assertZero(MemorySegment segment) {
    assertThat(segment.mismatch(MemorySegment.ofArray(new byte[(int) segment.byteSize()])))
        .isEqualTo(-1);
  }

  @Test
  void trimPunchesHolesIntoFiles() throws IOException {
    Path file = directory.resolve("pages");
    Region region = Regions.file(file, 32 * MIB);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      needs(isPunched(region), "a file system with holes", "trimPunchesHolesIntoFiles");
      assertThat(ProcessMemory.diskBytes(file)).isZero();
      List<Long> blocks = Fixtures.allocateAll(allocator, 0);
      blocks.forEach(block -> allocator.segment(block).fill((byte) 1));
      region.memory().orElseThrow().force();
      assertThat(ProcessMemory.diskBytes(file)).isGreaterThanOrEqualTo(32 * MIB);
      Fixtures.freeAll(allocator, blocks.subList(5, blocks.size()));
      long givenBack = allocator.trim();
      assertThat(givenBack).isGreaterThanOrEqualTo(28 * MIB);
      assertThat(allocator.stats().memory().committedBytes()).isEqualTo(32 * MIB - givenBack);
      assertThat(ProcessMemory.diskBytes(file)).isBetween(1L, 33 * MIB - givenBack);
      assertThat(file).hasSize(32 * MIB);
      for (long block : Fixtures.allocateAll(allocator, UNIT)) {
        assertZero(allocator.segment(block));
      }
      assertThat(allocator.segment(blocks.getFirst()).get(ValueLayout.JAVA_BYTE, 0))
          .isEqualTo((byte) 1);
    }
  }

  private static boolean isPunched(Region region) {
    return region.decommit(region.address(), region.sizeBytes());
  }

  /** What an existing file holds in pages that were never handed out is not touched. */
  @Test
  void trimLeavesWhatWasNeverHandedOut() throws IOException {
    Path file = directory.resolve("pages");
    try (Region region = Regions.file(file, 8 * MIB)) {
      region.memory().orElseThrow().fill((byte) 5);
    }
    Region region = Regions.existingFile(file, 8 * MIB);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      assertThat(allocator.trim()).isZero();
      long block = allocator.allocatePages(0);
      assertThat(allocator.segment(block).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 5);
      allocator.freePages(block);
      allocator.trim();
      MemorySegment memory = region.memory().orElseThrow();
      assertThat(memory.get(ValueLayout.JAVA_BYTE, 7 * MIB)).isEqualTo((byte) 5);
    }
  }

  @Test
  void lockedMemoryStays() throws IOException {
    AnonymousOptions options = AnonymousOptions.NONE.withLocked(Wish.IF_POSSIBLE);
    AnonymousRegion region = Regions.anonymous(4 * MIB, options);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      needs(region.refusals().isEmpty(), "a limit of locked memory of 4 MiB", "lockedMemoryStays");
      assertStays(allocator, region);
      assertThat(ProcessMemory.committedBytes(region.address(), 4 * MIB)).isEqualTo(4 * MIB);
    }
  }

  @Test
  void explicitHugePagesGoBackWhole() throws IOException {
    AnonymousOptions options = AnonymousOptions.NONE.withExplicitHugePages(Wish.IF_POSSIBLE);
    AnonymousRegion region = Regions.anonymous(4 * MIB, options);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      needs(region.refusals().isEmpty(), "free huge pages", "explicitHugePagesGoBackWhole");
      Fixtures.freeAll(allocator, Fixtures.allocateAll(allocator, UNIT));
      assertThat(region.decommit(region.address() + PAGE_BYTES, PAGE_BYTES)).isFalse();
      allocator.trim();
      assertZero(allocator.segment(allocator.allocatePages(UNIT)));
    }
  }

  @Test
  void memoryOfTheCallersOwnStays() {
    Region region = Regions.segment(Arena.ofAuto().allocate(4 * MIB, 2 * MIB));
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      assertStays(allocator, region);
    }
  }

  @Test
  void bareRangesStay() {
    Region region = Fixtures.pages(0, 1024);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      assertStays(allocator, region);
    }
  }

  private static void assertStays(BuddyAllocator allocator, Region region) {
    Fixtures.freeAll(allocator, Fixtures.allocateAll(allocator, 0));
    assertThat(allocator.trim()).isZero();
    assertThat(region.decommit(region.address(), 2 * MIB)).isFalse();
    MemoryStats memory = allocator.stats().memory();
    assertThat(memory).isEqualTo(new MemoryStats(4 * MIB, 4 * MIB, 0, 0, 0, 0));
    AsNew.assertAsNew(allocator);
  }

  /** The system would take all of a page of which a part is named. */
  @Test
  void partsOfPagesStay() {
    try (AnonymousRegion region = Regions.anonymous(MIB)) {
      MemorySegment memory = region.memory().orElseThrow();
      memory.fill((byte) 1);
      assertThat(region.decommit(region.address(), 100)).isFalse();
      assertThat(region.decommit(region.address() + 8, PAGE_BYTES)).isFalse();
      assertThat(memory.get(ValueLayout.JAVA_BYTE, 99)).isEqualTo((byte) 1);
      assertThat(region.decommit(region.address() + 64 * 1024, 64 * 1024)).isTrue();
      assertZero(memory.asSlice(64 * 1024, 64 * 1024));
      assertThat(memory.get(ValueLayout.JAVA_BYTE, 64 * 1024 - 1)).isEqualTo((byte) 1);
      assertThat(memory.get(ValueLayout.JAVA_BYTE, 128 * 1024)).isEqualTo((byte) 1);
    }
  }

  @Test
  void whatIsNotOfTheRegionIsRefused() {
    AnonymousRegion region = Regions.anonymous(MIB);
    for (long[] part :
        new long[][] {{-PAGE_BYTES, PAGE_BYTES}, {0, MIB + PAGE_BYTES}, {MIB, PAGE_BYTES}}) {
      long address = region.address() + part[0];
      assertThatThrownBy(() -> region.decommit(address, part[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("%d bytes at 0x%x do not lie in the region", part[1], address);
    }
    region.close();
    assertThatThrownBy(() -> region.decommit(region.address(), PAGE_BYTES))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the region is closed");
  }
}
