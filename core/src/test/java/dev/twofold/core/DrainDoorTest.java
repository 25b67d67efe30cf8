package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a drain does can be seen from outside: by where the next blocks come from. */
class DrainDoorTest {

  private static final long UNIT_BYTES = 2 * MIB;

  /** Allocates in a thread that ends then. */
  private static long allocatedElsewhere(BuddyAllocator allocator, int order) {
    List<Long> blocks = new ArrayList<>();
    Threads.platform(1, thread -> blocks.add(allocator.allocatePages(order)));
    return blocks.getFirst();
  }

  /**
   * As long as a thread draws on a unit, others leave it alone; after a drain nobody does. The one
   * that draws is this thread, as what a thread leaves when it ends may go to the next one.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 4, 6, 8})
  void letsGoOfUnitsThatThreadsDrawOn(int order) {
    for (boolean drains : new boolean[] {false, true}) {
      try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(256 * MIB)) {
        allocatedElsewhere(allocator, BuddyAllocator.MAX_ORDER - 3); // Now it knows what is free.
        long drawn = allocator.allocatePages(order);
        if (drains) {
          allocator.drain();
        }
        long next = allocatedElsewhere(allocator, order);
        assertThat(next / UNIT_BYTES == drawn / UNIT_BYTES).as("the same unit").isEqualTo(drains);
      }
    }
  }

  /**
   * The unit that a thread has used up serves it again if another one freed to it: no other is
   * broken up.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void whatWasFreedToAUnitInUseComesFirst(int order) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfMemory(256 * MIB)) {
      allocator.freePages(allocator.allocatePages(BuddyAllocator.MAX_ORDER - 3));
      List<Long> blocks = new ArrayList<>();
      for (int block = 0; block < 1 << (9 - order); block++) {
        blocks.add(allocator.allocatePages(order));
      }
      List<Long> freed = Fixtures.every(2, 0, blocks);
      Threads.platform(1, thread -> Fixtures.freeAll(allocator, freed));
      long unit = blocks.getFirst() / UNIT_BYTES;
      for (int block = 0; block < freed.size(); block++) {
        assertThat(allocator.allocatePages(order) / UNIT_BYTES).isEqualTo(unit);
      }
    }
  }

  /** A drain looks at all that was freed: the memory is as new by then, before figures are told. */
  @Test
  void mergesAllThatIsFree() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1 << 14)) {
      Fixtures.freeAll(allocator, Fixtures.allocateAll(allocator, 0));
      AsNew.assertAsNew(allocator);
    }
  }

  @Test
  void drainingAgainChangesNothing() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1 << 14)) {
      List<Long> blocks = Fixtures.allocateAll(allocator, 3);
      Fixtures.freeAll(allocator, Fixtures.every(3, 1, blocks));
      allocator.drain();
      long digest = allocator.digest();
      AllocatorStats stats = allocator.stats();
      allocator.drain();
      assertThat(allocator.digest()).isEqualTo(digest);
      assertThat(allocator.stats()).isEqualTo(stats);
    }
  }
}
