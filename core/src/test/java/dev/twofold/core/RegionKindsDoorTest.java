package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.core.AnonymousOptions.Wish;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same allocator over every kind of region that has memory, and over all of them at once. */
class RegionKindsDoorTest {

  private static final AnonymousOptions NONE = AnonymousOptions.NONE;

  /** Kinds that this test makes; options are asked for if possible, so each serves everywhere. */
  enum Kind {
    ANONYMOUS,
    TRANSPARENT,
    EXPLICIT,
    LOCKED,
    BOUND,
    FILE,
    SEGMENT,
    OWN
  }

  /** The least that a user's own region is. */
  private record OwnRegion(MemorySegment segment) implements Region {

    @Override
    public long address() {
      return segment.address();
    }

    @Override
    public long sizeBytes() {
      return segment.byteSize();
    }

    @Override
    public Optional<MemorySegment> memory() {
      return Optional.of(segment);
    }

    @Override
    public void close() {}
  }

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @EnumSource(Kind.class)
  void blocksAreWrittenAndRead(Kind kind) throws IOException {
    assertServes(List.of(region(kind)), 4 * MIB);
  }

  @Test
  void allKindsInOneAllocator() throws IOException {
    List<Region> regions = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      regions.add(region(kind));
    }
    assertServes(regions, 4 * MIB * regions.size());
  }

  private Region region(Kind kind) throws IOException {
    long sizeBytes = 4 * MIB;
    return switch (kind) {
      case ANONYMOUS -> Regions.anonymous(sizeBytes);
      case TRANSPARENT ->
          Regions.anonymous(sizeBytes, NONE.withTransparentHugePages(Wish.IF_POSSIBLE));
      case EXPLICIT -> Regions.anonymous(sizeBytes, NONE.withExplicitHugePages(Wish.IF_POSSIBLE));
      case LOCKED -> Regions.anonymous(sizeBytes, NONE.withLocked(Wish.IF_POSSIBLE));
      case BOUND -> Regions.anonymous(sizeBytes, NONE.withNumaNode(0, Wish.IF_POSSIBLE));
      case FILE -> Regions.file(directory.resolve("pages"), sizeBytes);
      case SEGMENT -> Regions.segment(Arena.ofAuto().allocate(sizeBytes, 4096));
      case OWN -> new OwnRegion(Arena.ofAuto().allocate(sizeBytes, 4096));
    };
  }

  /** Fills the regions with blocks of orders 0 to 5, stamps both ends, and looks at the stamps. */
  private static void assertServes(List<Region> regions, long sizeBytes) {
    try (BuddyAllocator allocator = Fixtures.allocator(regions.toArray(Region[]::new))) {
      List<Long> blocks = new ArrayList<>();
      for (int order = 5; order >= 0; order--) {
        blocks.addAll(Fixtures.allocateAll(allocator, order));
      }
      long end = 0;
      for (long block : blocks) {
        MemorySegment segment = allocator.segment(block);
        segment.set(ValueLayout.JAVA_LONG, 0, block);
        segment.set(ValueLayout.JAVA_LONG, segment.byteSize() - Long.BYTES, ~block);
        end += segment.byteSize();
      }
      assertThat(end).isEqualTo(sizeBytes);
      assertThat(blocks).allSatisfy(block -> assertStamped(allocator.segment(block), block));
      Fixtures.freeAll(allocator, blocks);
      allocator.drain();
      assertThat(allocator.stats().pagesFree()).isEqualTo(sizeBytes / Fixtures.PAGE_BYTES);
      allocator.validate();
    }
  }

  private static void assertStamped(MemorySegment segment, long block) {
    assertThat(segment.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(block);
    assertThat(segment.get(ValueLayout.JAVA_LONG, segment.byteSize() - Long.BYTES))
        .isEqualTo(~block);
  }
}
