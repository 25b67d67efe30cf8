package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.GIB;
import static dev.twofold.core.Fixtures.KIB;
import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Those scenarios of Linux's gpu_buddy suite that ask for places and for exact sizes. */
class GpuBuddyPlacementScenarioTest {

  private BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1);

  @AfterEach
  void metadataIsSoundAtTheEnd() {
    allocator.validate();
    allocator.close();
  }

  private long allocate(PageRequest request) {
    return allocator.runs().allocate(request);
  }

  private void assertRefused(PageRequest request) {
    long digest = allocator.digest();
    assertThat(allocator.runs().tryAllocate(request)).as("%s", request).isEqualTo(NO_PAGES);
    assertThatThrownBy(() -> allocate(request))
        .isInstanceOf(OutOfPagesException.class)
        .hasMessageStartingWith("no free pages side by side for %s: ", request);
    assertThat(allocator.digest()).isEqualTo(digest);
  }

  @Test
  void contiguous() {
    allocator = Fixtures.allocatorOfPages(0, 48);
    List<Long> pages = Fixtures.allocateAll(allocator, 0);
    Fixtures.freeAll(allocator, Fixtures.every(3, 1, pages));
    assertRefused(PageRequest.ofPages(2));
    assertRefused(PageRequest.ofPages(3));
    Fixtures.freeAll(allocator, Fixtures.every(3, 2, pages));
    assertRefused(PageRequest.ofPages(3));
    long notBuddies = allocate(PageRequest.ofPages(2));
    assertThat(notBuddies).isEqualTo(PAGE_BYTES);
    allocator.freePages(notBuddies);
    Fixtures.freeAll(allocator, Fixtures.every(3, 0, pages));
    assertThat(allocate(PageRequest.ofPages(3))).isZero();
  }

  /** Everything, quarters, and single pages; over several trees and a region of an odd size. */
  @ParameterizedTest
  @ValueSource(longs = {16, 1000, 4096, (1 << 18) + 12, 3 << 18})
  void exactRanges(long pages) {
    allocator = Fixtures.allocatorOfPages(0, pages);
    for (int times = 0; times < 5; times++) {
      long all = allocate(PageRequest.ofPages(pages).at(0));
      assertRefused(PageRequest.ofPages(1).at((pages - 1) * PAGE_BYTES));
      allocator.freePages(all);
    }
    long quarter = pages / 4;
    for (long part : new long[] {2, 0, 3, 1}) {
      allocate(PageRequest.ofPages(quarter).at(part * quarter * PAGE_BYTES));
      assertRefused(PageRequest.ofPages(pages).at(0));
    }
    assertThat(allocator.stats().pagesFree()).isEqualTo(pages % 4);
    for (long part = 0; part < 4; part++) {
      allocator.freePages(part * quarter * PAGE_BYTES);
    }
    for (long page : new long[] {0, pages / 2, pages - 1}) {
      allocate(PageRequest.ofPages(1).at(page * PAGE_BYTES));
    }
    assertThat(allocator.stats().pagesAllocated()).isEqualTo(3);
  }

  @Test
  void slicesInRandomOrder() {
    allocator = Fixtures.allocatorOfPages(0, 3 << 18);
    long pages = (3 << 18) / 16;
    List<Long> slices = new ArrayList<>();
    for (long slice = 0; slice < 16; slice++) {
      slices.add(slice * pages * PAGE_BYTES);
    }
    for (int seed = 1; seed <= 5; seed++) {
      Collections.shuffle(slices, new Random(seed));
      slices.forEach(slice -> allocate(PageRequest.ofPages(pages).at(slice)));
      assertThat(allocator.stats().pagesFree()).isZero();
      Collections.shuffle(slices, new Random(seed + 100));
      Fixtures.freeAll(allocator, slices);
      AsNew.assertAsNew(allocator);
    }
  }

  @Test
  void rangesThatAreRefused() {
    allocator = Fixtures.allocator(Fixtures.range(0, GIB));
    long half = allocate(PageRequest.ofBytes(GIB / 2));
    assertThat(half).isZero();
    assertRefused(PageRequest.ofBytes(GIB).at(0));
    assertRefused(PageRequest.ofBytes(2 * PAGE_BYTES).at(GIB / 2 - PAGE_BYTES));
    allocator.freePages(half);
    List<Long> pages = Fixtures.allocateAll(allocator, 0);
    Fixtures.freeAll(allocator, Fixtures.every(2, 0, pages));
    assertRefused(PageRequest.ofPages(2).at(0));
    assertRefused(PageRequest.ofPages(2).at(PAGE_BYTES));
    assertThat(allocate(PageRequest.ofPages(1).at(2 * PAGE_BYTES))).isEqualTo(2 * PAGE_BYTES);
    assertThatThrownBy(() -> allocate(PageRequest.ofPages(1).at(PAGE_BYTES / 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("address 0x800 is no multiple of the page size of 4096 bytes");
    assertThatThrownBy(() -> allocate(PageRequest.ofPages(2).at(GIB - PAGE_BYTES)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 pages at 0x3ffff000 reach beyond the region that the address lies in");
    assertThatThrownBy(() -> allocate(PageRequest.ofPages(1).at(GIB)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0x40000000 lies in no region of this allocator");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void biasedRange(long seed) {
    Random random = new Random(seed);
    long pageBytes = (4 * KIB) << random.nextInt(7);
    allocator = Fixtures.allocator(pageBytes, Fixtures.range(0, 16 * MIB));
    List<Long> windows = new ArrayList<>();
    for (long window = 0; window < 16; window++) {
      windows.add(window * MIB);
    }
    Collections.shuffle(windows, random);
    for (long window : windows) {
      fillWindow(window, pageBytes, random);
    }
    assertThat(allocator.stats().pagesFree()).isZero();
  }

  private void fillWindow(long window, long pageBytes, Random random) {
    long end = window + MIB;
    assertThatThrownBy(() -> allocate(PageRequest.ofBytes(MIB + pageBytes).within(window, end)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is more than fits");
    assertThatThrownBy(() -> allocate(PageRequest.ofBytes(MIB).within(window + 1, end)))
        .isInstanceOf(IllegalArgumentException.class);
    long whole = allocate(PageRequest.ofBytes(MIB).within(window, end));
    assertThat(whole).isEqualTo(window);
    allocator.freePages(whole);
    long free = MIB / pageBytes;
    while (free > 1) {
      long pages = 1 + random.nextLong(free - 1);
      PageRequest request = PageRequest.ofPages(pages).within(window, end);
      long run = allocate(random.nextBoolean() ? request : request.topDown());
      assertThat(run).isBetween(window, end - pages * pageBytes);
      free -= pages;
      if (free + 1 <= MIB / pageBytes) {
        assertRefused(PageRequest.ofPages(free + 1).within(window, end));
      }
    }
    assertThat(allocate(PageRequest.ofPages(1).within(window, end))).isBetween(window, end);
    assertRefused(PageRequest.ofPages(1).within(window, end));
  }

  @Test
  void growingWindows() {
    allocator = Fixtures.allocatorOfPages(0, 4096);
    long taken = 0;
    for (long pages = 1; taken + pages <= 4096; pages++) {
      long window = (taken + pages) * PAGE_BYTES;
      assertThat(allocate(PageRequest.ofPages(pages).within(0, window)))
          .isEqualTo(taken * PAGE_BYTES);
      assertRefused(PageRequest.ofPages(1).within(0, window));
      taken += pages;
    }
  }

  @Test
  void largerThanTheLargestOrder() {
    allocator = Fixtures.allocator(32 * KIB, Fixtures.range(0, 10 * GIB));
    for (PageRequest request :
        List.of(
            PageRequest.ofBytes(9 * GIB),
            PageRequest.ofBytes(9 * GIB).topDown(),
            PageRequest.ofBytes(9 * GIB).alignedTo(GIB),
            PageRequest.ofBytes(9 * GIB).at(GIB / 2))) {
      long run = allocate(request);
      assertThat(allocator.runs().pageCountAt(run)).isEqualTo(9 * GIB / (32 * KIB));
      assertThat(allocator.stats().pagesFree()).isEqualTo(GIB / (32 * KIB));
      assertRefused(PageRequest.ofBytes(GIB + 1));
      assertThat(Fixtures.serves(allocator, 14)).isTrue();
      allocator.freePages(run);
      AsNew.assertAsNew(allocator);
    }
    assertRefused(PageRequest.ofBytes(10 * GIB + 1));
    assertThatThrownBy(() -> allocate(PageRequest.ofBytes(GIB).alignedTo(16 * GIB)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("alignment must be up to 8589934592 bytes");
    assertThat(allocate(PageRequest.ofBytes(10 * GIB))).isZero();
    assertThat(allocator.stats().pagesFree()).isZero();
  }

  @Test
  void offsetAligned() {
    allocator = Fixtures.allocator(Fixtures.range(0, 4 * MIB));
    PageRequest small = PageRequest.ofBytes(8 * KIB).alignedTo(256 * KIB);
    List<Long> runs = new ArrayList<>();
    for (int index = 0; index < 16; index++) {
      runs.add(allocate(small));
    }
    assertThat(runs).doesNotHaveDuplicates().allMatch(run -> run % (256 * KIB) == 0);
    assertThat(allocator.stats().pagesAllocated()).isEqualTo(32);
    assertRefused(small);
    Fixtures.freeAll(allocator, Fixtures.every(2, 0, runs));
    PageRequest larger = PageRequest.ofBytes(16 * KIB).alignedTo(256 * KIB);
    for (int index = 0; index < 8; index++) {
      assertThat(allocate(larger) % (256 * KIB)).isZero();
    }
    assertRefused(larger);
  }

  /** Single pages at ever smaller alignments, on top of those at larger ones. */
  @Test
  void alignmentSearch() {
    allocator = Fixtures.allocator(Fixtures.range(0, 2 * MIB));
    List<Long> pages = new ArrayList<>();
    for (long alignment = MIB; alignment >= 8 * KIB; alignment /= 2) {
      PageRequest page = PageRequest.ofPages(1).alignedTo(alignment);
      long expected = 2 * MIB / alignment;
      while (pages.size() < expected) {
        long address = allocate(page);
        assertThat(address % alignment).isZero();
        pages.add(address);
      }
      assertRefused(page);
    }
    Fixtures.freeAll(allocator, pages.reversed());
    assertThat(Fixtures.serves(allocator, 9)).isTrue();
  }
}
