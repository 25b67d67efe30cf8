package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real memory: what the system has of it after it went back, and what zeroed blocks hold. */
class GiveBackMemoryTest {

  private static final long SIZE_BYTES = 64 * MIB;

  private static void needsLinux(TestInfo test) {
    if (!ProcessMemory.isTold()) {
      System.out.println("skipped as the system does not tell: " + test.getDisplayName());
    }
    assumeTrue(ProcessMemory.isTold());
  }

  private static boolean isZero(MemorySegment block) {
    return block
        .elements(ValueLayout.JAVA_LONG)
        .allMatch(word -> word.get(ValueLayout.JAVA_LONG, 0) == 0);
  }

  private static void fillAndFree(BuddyAllocator allocator) {
    List<MemorySegment> blocks = new ArrayList<>();
    for (long bytes = 0; bytes < SIZE_BYTES; bytes += MIB) {
      blocks.add(allocator.allocate(MIB));
    }
    blocks.forEach(block -> block.fill((byte) 1));
    blocks.forEach(allocator::free);
  }

  @Test
  void anonymousMemoryIsBackAfterATrim(TestInfo test) throws IOException {
    needsLinux(test);
    try (Region region = Fixtures.memory(SIZE_BYTES);
        BuddyAllocator allocator = Fixtures.allocator(region)) {
      fillAndFree(allocator);
      assertThat(ProcessMemory.committedBytes(region.address(), SIZE_BYTES)).isEqualTo(SIZE_BYTES);
      assertThat(allocator.stats().memory().committedBytes()).isEqualTo(SIZE_BYTES);
      assertThat(allocator.trim()).isEqualTo(SIZE_BYTES);
      assertThat(ProcessMemory.committedBytes(region.address(), SIZE_BYTES)).isZero();
      assertThat(allocator.stats().memory().committedBytes()).isZero();
      assertThat(allocator.stats().memory().decommittedBytes()).isEqualTo(SIZE_BYTES);
      assertThat(allocator.trim()).isZero();
      fillAndFree(allocator);
      assertThat(allocator.stats().memory().committedBytes()).isEqualTo(SIZE_BYTES);
      allocator.validate();
    }
  }

  @Test
  void holesArePunchedIntoAFile(TestInfo test, @TempDir Path folder) throws IOException {
    needsLinux(test);
    Path file = folder.resolve("pages");
    try (Region region = Regions.file(file, SIZE_BYTES);
        BuddyAllocator allocator = Fixtures.allocator(region)) {
      long usable = allocator.stats().memory().reservedBytes();
      List<Long> blocks = new ArrayList<>();
      for (long block = allocator.tryAllocatePages(0);
          block != BuddyAllocator.NO_PAGES;
          block = allocator.tryAllocatePages(0)) {
        allocator.segment(block).set(ValueLayout.JAVA_LONG, 0, -1);
        blocks.add(block);
      }
      assertThat(blocks).hasSize((int) (usable / Fixtures.PAGE_BYTES));
      MemorySegment memory = region.memory().orElseThrow();
      memory.force();
      long diskBytes = ProcessMemory.diskBytes(file);
      assertThat(diskBytes).isGreaterThanOrEqualTo(usable);
      blocks.forEach(allocator::freePages);
      long givenBack = allocator.trim();
      assertThat(givenBack).isGreaterThan(SIZE_BYTES / 2);
      assertThat(diskBytes - ProcessMemory.diskBytes(file)).isGreaterThanOrEqualTo(givenBack);
      assertThat(isZero(memory.asSlice(SIZE_BYTES / 2, 2 * MIB))).isTrue();
      allocator.validate();
    }
  }

  /**
   * Every block is made dirty as soon as it is handed out, so that a block that was had is seen.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void zeroedBlocksReadAsZeroWhateverWasBefore(boolean confined) {
    long seed = System.nanoTime();
    System.out.println("GiveBackMemoryTest, seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(Fixtures.memory(SIZE_BYTES));
    List<MemorySegment> held = new ArrayList<>();
    try (BuddyAllocator allocator = (confined ? builder.confined() : builder).build()) {
      for (int step = 0; step < 6_000; step++) {
        int order = Math.min(random.nextInt(12), random.nextInt(12));
        boolean zeroed = random.nextBoolean();
        long address =
            zeroed ? allocator.zeroed().tryAllocatePages(order) : allocator.tryAllocatePages(order);
        if (address != BuddyAllocator.NO_PAGES) {
          MemorySegment block = allocator.segment(address);
          assertThat(!zeroed || isZero(block)).as("seed %d, step %d", seed, step).isTrue();
          block.fill((byte) 7);
          held.add(block);
        }
        while (!held.isEmpty() && random.nextInt(100) < 52) {
          allocator.free(held.remove(random.nextInt(held.size())));
        }
        if (step % 500 == 0) {
          allocator.trim();
        }
      }
      held.forEach(allocator::free);
      allocator.validate();
    }
  }

  @Test
  void aPairIsNotTakenForNew() {
    try (BuddyAllocator allocator =
        BuddyAllocator.builder().confined().region(Fixtures.memory(SIZE_BYTES)).build()) {
      long address = allocator.allocatePages(3);
      allocator.segment(address).fill((byte) 1);
      allocator.freePages(address);
      assertThat(isZero(allocator.segment(allocator.zeroed().allocatePages(3)))).isTrue();
    }
  }

  /** What is known of the memory goes with a region that is offline for a while. */
  @Test
  void blocksFreedWhileOfflineAreNotTakenForNew() {
    try (Region region = Fixtures.memory(SIZE_BYTES);
        BuddyAllocator allocator = Fixtures.allocator(region)) {
      long small = allocator.allocatePages(2);
      long large = allocator.allocatePages(11);
      allocator.segment(small).fill((byte) 1);
      allocator.segment(large).fill((byte) 1);
      allocator.regions().offline(region);
      allocator.freePages(small);
      allocator.freePages(large);
      allocator.regions().online(region);
      assertThat(isZero(allocator.segment(allocator.zeroed().allocatePages(11)))).isTrue();
      assertThat(isZero(allocator.segment(allocator.zeroed().allocatePages(2)))).isTrue();
    }
  }

  @Test
  void thereIsNothingToClearInABareRange() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      assertThatThrownBy(allocator::zeroed)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("no memory");
    }
  }
}
