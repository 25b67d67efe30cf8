package dev.twofold.cli.bench;

import dev.twofold.core.AllocatorStats;
import dev.twofold.core.BuddyAllocator;

/** Whether an allocator is as new after a workload freed everything; the one place that asks. */
final class EndCheck {

  private final BuddyAllocator allocator;
  private final AllocatorStats start;

  /** Remembers what a new allocator looks like. */
  EndCheck(BuddyAllocator allocator) {
    this.allocator = allocator;
    start = allocator.stats();
  }

  /** Checks the allocator. */
  void run() throws BenchException {
    AllocatorStats end = allocator.stats();
    if (!end.freeBlocks().equals(start.freeBlocks())
        || !end.allocatedBlocks().equals(start.allocatedBlocks())) {
      throw BenchException.failure(
          "after everything was freed the allocator differs from a new one: its free blocks are %s, not %s."
              .formatted(end.freeBlocks(), start.freeBlocks()));
    }
    try {
      allocator.validate();
    } catch (AssertionError e) {
      throw BenchException.failure(
          "the allocator's metadata is damaged: %s.".formatted(e.getMessage()));
    }
  }
}
