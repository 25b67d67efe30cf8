package dev.twofold.core;

import static dev.twofold.core.Fixtures.GIB;
import static dev.twofold.core.Fixtures.KIB;
import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scenarios that the test suite of Linux's gpu_buddy plays, as far as they can be said here.
 */
class GpuBuddyScenarioTest {

  private BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1);

  @AfterEach
  void metadataIsSoundAtTheEnd() {
    allocator.validate();
    allocator.close();
  }

  @Test
  void limit() {
    allocator = Fixtures.allocator(1L << 44, Fixtures.range(0, Long.MAX_VALUE));
    assertThat(allocator.stats().pagesTotal()).isEqualTo((1L << 19) - 1);
    assertThat(allocator.stats().largestFreeOrder()).isEqualTo(18);
    assertThat(allocator.allocatePages(18)).isZero();
    assertThat(allocator.tryAllocatePages(18)).isEqualTo(BuddyAllocator.NO_PAGES);
    assertThat(allocator.allocatePages(17)).isEqualTo(1L << 62);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void optimistic(boolean ascending) {
    allocator = Fixtures.allocatorOfPages(0, (1 << 17) - 1);
    for (int order = 0; order <= 16; order++) {
      assertThat(Fixtures.drainedStats(allocator).freeBlocks().get(order)).isOne();
    }
    for (int step = 0; step <= 16; step++) {
      allocator.allocatePages(ascending ? step : 16 - step);
    }
    assertThat(Fixtures.serves(allocator, 0)).isFalse();
    assertThat(Fixtures.drainedStats(allocator).splits()).isZero();
  }

  @Test
  void pessimistic() {
    allocator = Fixtures.allocatorOfPages(0, 1 << 16);
    List<Long> blocks = new ArrayList<>();
    for (int order = 0; order < 16; order++) {
      blocks.add(allocator.allocatePages(order));
    }
    long lastPage = allocator.allocatePages(0);
    for (int order = 0; order <= 18; order++) {
      assertThat(Fixtures.serves(allocator, order)).isFalse();
    }
    allocator.freePages(lastPage);
    for (int order = 0; order < 16; order++) {
      assertThat(Fixtures.drainedStats(allocator).largestFreeOrder()).isEqualTo(order);
      allocator.freePages(blocks.get(order));
      assertThat(Fixtures.serves(allocator, order + 1)).isTrue();
    }
    assertThat(allocator.allocatePages(16)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 7, 10})
  void pathological(int height) {
    allocator = Fixtures.allocatorOfPages(0, 1 << height);
    for (int order = height - 1; order >= 0; order--) {
      List<Long> blocks = Fixtures.allocateAll(allocator, order);
      assertThat(blocks).hasSize(1 << (height - order));
      Fixtures.freeAll(allocator, Fixtures.every(2, 0, blocks));
      assertThat(allocator.stats().pagesFree()).isEqualTo(1 << (height - 1));
      for (int larger = order + 1; larger <= height; larger++) {
        assertThat(Fixtures.serves(allocator, larger)).isFalse();
      }
      Fixtures.freeAll(allocator, Fixtures.every(2, 1, blocks));
    }
  }

  @Test
  void contiguous() {
    allocator = Fixtures.allocatorOfPages(0, 48);
    List<Long> pages = Fixtures.allocateAll(allocator, 0);
    Fixtures.freeAll(allocator, Fixtures.every(3, 1, pages));
    assertThat(Fixtures.serves(allocator, 1)).isFalse();
    Fixtures.freeAll(allocator, Fixtures.every(3, 2, pages));
    assertThat(Fixtures.serves(allocator, 1)).isTrue();
    assertThat(Fixtures.serves(allocator, 2)).isFalse();
    Fixtures.freeAll(allocator, Fixtures.every(3, 0, pages));
    assertThat(Fixtures.serves(allocator, 2)).isTrue();
    assertThat(allocator.allocatePages(5)).isZero();
    assertThat(allocator.allocatePages(4)).isEqualTo(32 * PAGE_BYTES);
  }

  @Test
  void fragmentationCostsNoOperationMoreThanTheOrders() {
    allocator = Fixtures.allocator(Fixtures.range(0, 4 * GIB));
    List<Long> small = Fixtures.allocateAll(allocator, 1);
    assertThat(small).hasSize(1 << 19);
    Fixtures.freeAll(allocator, small.stream().filter(block -> block % (64 * KIB) != 0).toList());
    List<Long> kept = small.stream().filter(block -> block % (64 * KIB) == 0).toList();
    assertThat(kept).hasSize(65_536);
    assertThat(Fixtures.serves(allocator, 4)).isFalse();
    long work = work();
    for (long block : kept.reversed()) {
      allocator.freePages(block);
      work = assertLittleMore(work);
    }
    assertThat(Fixtures.drainedStats(allocator).freeBlocks().get(18)).isEqualTo(4);
    for (int block = 0; block < 65_536; block++) {
      allocator.allocatePages(4);
      work = assertLittleMore(work);
    }
    assertThat(Fixtures.serves(allocator, 0)).isFalse();
  }

  private long work() {
    AllocatorStats stats = Fixtures.drainedStats(allocator);
    return stats.splits() + stats.merges();
  }

  private long assertLittleMore(long workBefore) {
    long work = work();
    if (work - workBefore > Orders.MAX_ORDER) {
      throw new AssertionError("one operation took " + (work - workBefore) + " splits or merges");
    }
    return work;
  }

  @Test
  void largerThanTheLargestOrder() {
    allocator = Fixtures.allocator(32 * KIB, Fixtures.range(0, 10 * GIB));
    assertThat(Fixtures.drainedStats(allocator).freeBlocks().get(18)).isOne();
    assertThat(Fixtures.drainedStats(allocator).freeBlocks().get(16)).isOne();
    long digest = allocator.digest();
    assertThatThrownBy(() -> allocator.orderOf(9 * GIB)).hasMessageContaining("8589934592 bytes");
    assertThatThrownBy(() -> allocator.tryAllocatePages(19)).hasMessageContaining("not 19");
    assertThatThrownBy(() -> allocator.allocatePages(-1)).hasMessageContaining("not -1");
    assertThat(allocator.digest()).isEqualTo(digest);

    assertThat(allocator.allocatePages(allocator.orderOf(8 * GIB))).isZero();
    assertThat(allocator.tryAllocatePages(17)).isEqualTo(BuddyAllocator.NO_PAGES);
    assertThat(allocator.allocatePages(allocator.orderOf(2 * GIB))).isEqualTo(8 * GIB);
    assertThat(allocator.stats().pagesFree()).isZero();
  }

  @Test
  void nineOfTenGibibytesWhenABlockCouldBeSixteen() {
    allocator = Fixtures.allocator(64 * KIB, Fixtures.range(0, 10 * GIB));
    long digest = allocator.digest();
    assertThatThrownBy(() -> allocator.allocatePages(allocator.orderOf(9 * GIB)))
        .isInstanceOf(OutOfPagesException.class);
    assertThat(allocator.digest()).isEqualTo(digest);
    assertThat(allocator.allocatePages(allocator.orderOf(8 * GIB))).isZero();
  }

  @Test
  void offsetAligned() {
    allocator = Fixtures.allocatorOfMemory(4 * MIB);
    List<MemorySegment> segments = new ArrayList<>();
    for (int index = 0; index < 16; index++) {
      segments.add(allocator.allocate(8 * KIB, 256 * KIB));
    }
    assertThat(segments).allSatisfy(s -> assertThat(s.address() % (256 * KIB)).isZero());
    assertThatThrownBy(() -> allocator.allocate(8 * KIB, 256 * KIB))
        .isInstanceOf(OutOfPagesException.class);
    for (int index = 0; index < 16; index += 2) {
      allocator.free(segments.get(index));
    }
    for (int index = 0; index < 8; index++) {
      allocator.allocate(16 * KIB, 256 * KIB);
    }
    assertThatThrownBy(() -> allocator.allocate(16 * KIB, 256 * KIB))
        .isInstanceOf(OutOfPagesException.class);
  }

  @Test
  void alignmentSearch() {
    allocator = Fixtures.allocatorOfMemory(2 * MIB);
    for (long alignment = MIB; alignment >= 8 * KIB; alignment /= 2) {
      List<MemorySegment> segments = new ArrayList<>();
      for (int index = 0; index < 2 * MIB / alignment; index++) {
        MemorySegment segment = allocator.allocate(4 * KIB, alignment);
        assertThat(segment.address() % alignment).isZero();
        segments.add(segment);
      }
      long size = alignment;
      assertThatThrownBy(() -> allocator.allocate(4 * KIB, size))
          .isInstanceOf(OutOfPagesException.class);
      segments.reversed().forEach(allocator::free);
      assertThat(Fixtures.serves(allocator, 9)).isTrue();
    }
  }
}
