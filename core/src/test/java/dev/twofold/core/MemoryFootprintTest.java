package dev.twofold.core;

import static dev.twofold.core.Fixtures.GIB;
import static dev.twofold.core.Fixtures.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What allocators cost before their first use, and when all is in use. */
class MemoryFootprintTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int PAGES_OF_A_TREE = 1 << BuddyAllocator.MAX_ORDER;

  private static void needsLinux(TestInfo test) {
    if (!ProcessMemory.isTold()) {
      System.out.println(
          "skipped as the system does not tell of its memory: " + test.getDisplayName());
    }
    assumeTrue(ProcessMemory.isTold());
  }

  @Test
  void freshRegionOfAGibibyteHasNoResidentPage(TestInfo test) throws IOException {
    needsLinux(test);
    try (Region region = Fixtures.memory(GIB);
        BuddyAllocator allocator = Fixtures.allocator(region)) {
      assertThat(ProcessMemory.committedBytes(region.address(), GIB)).isZero();
      MemorySegment segment = allocator.allocate(8 * MIB, 8 * MIB);
      assertThat(ProcessMemory.committedBytes(region.address(), GIB)).isZero();
      segment.fill((byte) 1);
      assertThat(ProcessMemory.committedBytes(region.address(), GIB))
          .isGreaterThanOrEqualTo(8 * MIB);
    }
  }

  @Test
  void allocatorOverAGibibyteTakesUnderFourMebibytes(TestInfo test) throws IOException {
    needsLinux(test);
    Fixtures.allocatorOfMemory(MIB).close();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = ProcessMemory.residentBytes();
      try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(GIB)) {
        least = Math.min(least, ProcessMemory.residentBytes() - before);
        assertThat(allocator.pageSizeBytes()).isEqualTo(Fixtures.PAGE_BYTES);
      }
    }
    System.out.println("resident memory of an allocator over 1 GiB: " + least + " bytes");
    assertThat(least).isLessThan(4 * MIB);
  }

  /** Sizes whose alignment leaves something over before the region, behind it, and either. */
  @ParameterizedTest
  @ValueSource(longs = {GIB, GIB + 4096, 2 * GIB - 4096})
  void regionsTakeTheirSizeAndGiveAllBack(long sizeBytes, TestInfo test) throws IOException {
    needsLinux(test);
    int regions = 32;
    List<Region> open = new ArrayList<>();
    long before = ProcessMemory.mappedBytes();
    try {
      for (int region = 0; region < regions; region++) {
        open.add(Fixtures.memory(sizeBytes));
      }
      assertThat(ProcessMemory.mappedBytes() - before)
          .isBetween(regions * sizeBytes - GIB, regions * sizeBytes + GIB);
    } finally {
      open.forEach(Region::close);
    }
    assertThat(ProcessMemory.mappedBytes() - before).isLessThan(GIB);
  }

  @ParameterizedTest
  @CsvSource({"64, 1", "1024, 4"})
  void allocatorOverManyGibibytesTakesFewMebibytesOfHeap(long gibibytes, long mebibytes) {
    Fixtures.allocatorOfPages(0, 1).close();
    long heapBefore = THREADS.getCurrentThreadAllocatedBytes();
    long nanosBefore = System.nanoTime();
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.range(0, gibibytes * GIB))) {
      long nanos = System.nanoTime() - nanosBefore;
      long heap = THREADS.getCurrentThreadAllocatedBytes() - heapBefore;
      System.out.printf("allocator over %d GiB: %d bytes of heap, %d ns%n", gibibytes, heap, nanos);
      assertThat(heap).isPositive().isLessThan(mebibytes * MIB);
      assertThat(allocator.stats().pagesTotal()).isEqualTo(gibibytes << 18);
    }
  }

  @Test
  void firstBlockOfATreeTakesTheMetadataOfThatTreeOnly() {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.range(0, 64 * GIB))) {
      long heapBefore = THREADS.getCurrentThreadAllocatedBytes();
      allocator.allocatePages(0);
      long heap = THREADS.getCurrentThreadAllocatedBytes() - heapBefore;
      System.out.println("metadata of a tree of 1 GiB: " + heap + " bytes");
      assertThat(heap).isLessThan((long) (8.5 * (1 << 18)));
    }
  }

  /** Each GiB that blocks come from costs its metadata once; the others cost nothing. */
  @Test
  void metadataGrowsWithUseOnly() {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.range(0, 1024 * GIB))) {
      List<Long> blocks = new ArrayList<>(16);
      long heapBefore = THREADS.getCurrentThreadAllocatedBytes();
      for (int tree = 0; tree < 16; tree++) {
        blocks.add(allocator.allocatePages(BuddyAllocator.MAX_ORDER));
      }
      long used = THREADS.getCurrentThreadAllocatedBytes() - heapBefore;
      assertThat(used).isBetween(1L, 16L * PAGES_OF_A_TREE);
      Fixtures.freeAll(allocator, blocks);
      heapBefore = THREADS.getCurrentThreadAllocatedBytes();
      blocks.replaceAll(block -> allocator.allocatePages(BuddyAllocator.MAX_ORDER));
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - heapBefore).isLessThan(used / 16);
    }
  }

  /** The making of the allocator counts too, and so does all that frees and merges may need. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void metadataIsUnderAByteAPageWhenEveryPageWasHandedOut(boolean confined) {
    Fixtures.allocatorOfPages(0, 1).close();
    long pages = 4L * PAGES_OF_A_TREE;
    long heapBefore = THREADS.getCurrentThreadAllocatedBytes();
    BuddyAllocator.Builder builder =
        BuddyAllocator.builder().region(Fixtures.pages(PAGES_OF_A_TREE, pages));
    try (BuddyAllocator allocator = (confined ? builder.confined() : builder).build()) {
      long handedOut = 0;
      while (allocator.tryAllocatePages(0) != BuddyAllocator.NO_PAGES) {
        handedOut++;
      }
      for (long page = 0; page < pages; page++) {
        allocator.freePages((PAGES_OF_A_TREE + page) * Fixtures.PAGE_BYTES);
      }
      allocator.drain();
      long heap = THREADS.getCurrentThreadAllocatedBytes() - heapBefore;
      System.out.printf("metadata: %.3f bytes a page%n", (double) heap / pages);
      assertThat(handedOut).isEqualTo(pages);
      assertThat(heap).isLessThan(pages);
    }
  }
}
