package dev.twofold.core;

import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Closing, use after it, and who owns the regions when. */
class ClosingDoorTest {

  /** A region of a user's own making: memory of an arena, and a count of its closings. */
  private static final class CountingRegion implements Region {

    private final MemorySegment memory;
    private final AtomicInteger closings = new AtomicInteger();

    CountingRegion(Arena arena, long pageCount) {
      memory = arena.allocate(pageCount * PAGE_BYTES, PAGE_BYTES);
    }

    @Override
    public long address() {
      return memory.address();
    }

    @Override
    public long sizeBytes() {
      return memory.byteSize();
    }

    @Override
    public Optional<MemorySegment> memory() {
      return Optional.of(memory);
    }

    @Override
    public void close() {
      closings.incrementAndGet();
    }
  }

  @Test
  void everyUseAfterCloseIsRefused() {
    BuddyAllocator allocator = Fixtures.allocatorOfMemory(1 << 20);
    long block = allocator.allocatePages(1);
    MemorySegment segment = allocator.segment(block);
    allocator.close();
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("allocatePages", () -> allocator.allocatePages(0));
    uses.put("tryAllocatePages", () -> allocator.tryAllocatePages(0));
    uses.put("tryAllocatePages, too large", () -> allocator.tryAllocatePages(18));
    uses.put("allocate", () -> allocator.allocate(1));
    uses.put("allocate, aligned", () -> allocator.allocate(1, 1));
    uses.put("freePages", () -> allocator.freePages(block));
    uses.put("freePages, interior", () -> allocator.freePages(block + 1));
    uses.put("freePages, foreign", () -> allocator.freePages(1));
    uses.put("free", () -> allocator.free(segment));
    uses.put("orderAt", () -> allocator.orderAt(block));
    uses.put("orderAt, interior", () -> allocator.orderAt(block + PAGE_BYTES));
    uses.put("segment", () -> allocator.segment(block));
    uses.put("stats", allocator::stats);
    uses.put("validate", allocator::validate);
    uses.put("digest", allocator::digest);
    uses.forEach(
        (name, use) ->
            assertThatThrownBy(use)
                .as(name)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the allocator is closed"));
  }

  @Test
  void memoryCannotBeAccessedAfterClose() {
    BuddyAllocator allocator = Fixtures.allocatorOfMemory(1 << 20);
    MemorySegment segment = allocator.allocate(100);
    segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    allocator.close();
    assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThat(segment.scope().isAlive()).isFalse();
  }

  @Test
  void closeClosesEachRegionOnceHoweverOften() {
    try (Arena arena = Arena.ofShared()) {
      CountingRegion first = new CountingRegion(arena, 3);
      CountingRegion second = new CountingRegion(arena, 5);
      BuddyAllocator allocator = Fixtures.allocator(first, second);
      allocator.allocatePages(0);
      allocator.close();
      allocator.close();
      assertThat(first.closings).hasValue(1);
      assertThat(second.closings).hasValue(1);
    }
  }

  @Test
  void regionsOfAFailedBuildStayWithTheCaller() {
    try (Arena arena = Arena.ofShared()) {
      CountingRegion region = new CountingRegion(arena, 3);
      assertThatThrownBy(() -> Fixtures.allocator(region, Fixtures.pages(0, 1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Fixtures.allocator(5, region))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(region.closings).hasValue(0);
      try (BuddyAllocator allocator = Fixtures.allocator(region)) {
        assertThat(allocator.stats().pagesTotal()).isEqualTo(3);
      }
      assertThat(region.closings).hasValue(1);
    }
  }

  @Test
  void regionOfAUsersOwnMakingServesSegments() {
    try (Arena arena = Arena.ofShared();
        BuddyAllocator allocator = Fixtures.allocator(new CountingRegion(arena, 7))) {
      for (long address : Fixtures.allocateAll(allocator, 0)) {
        MemorySegment segment = allocator.segment(address);
        segment.fill((byte) 3);
        assertThat(segment.address()).isEqualTo(address);
        assertThat(segment.byteSize()).isEqualTo(PAGE_BYTES);
      }
      assertThat(allocator.stats().pagesFree()).isZero();
    }
  }

  @Test
  void anonymousRegionMayBeClosedTwice() {
    Region region = Fixtures.memory(1);
    MemorySegment memory = region.memory().orElseThrow();
    assertThat(memory.byteSize()).isEqualTo(region.sizeBytes()).isGreaterThanOrEqualTo(1);
    region.close();
    assertThat(memory.scope().isAlive()).isFalse();
    assertThatCode(region::close).doesNotThrowAnyException();
  }

  @Test
  void rangesCloseWithoutEffect() {
    Region region = Fixtures.pages(0, 1);
    region.close();
    region.close();
    assertThat(region.sizeBytes()).isEqualTo(PAGE_BYTES);
  }

  @Test
  void aBuilderBuildsOnce() {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(Fixtures.pages(0, 1));
    try (BuddyAllocator allocator = builder.build()) {
      builder.region(Fixtures.pages(1, 1));
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the regions of this builder belong to an allocator already");
      assertThat(allocator.stats().pagesTotal()).isEqualTo(1);
    }
  }
}
