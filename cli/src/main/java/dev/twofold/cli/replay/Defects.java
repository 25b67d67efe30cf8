package dev.twofold.cli.replay;

import dev.twofold.core.AllocatorStats;
import dev.twofold.core.BuddyAllocator;
import java.util.ArrayList;
import java.util.List;

/** What a replay found wrong with the allocator: no recording should bring any of it about. */
final class Defects {

  private final List<String> sentences = new ArrayList<>();
  private long damagedPages;
  private long refusedFrees;
  private String firstRefusal = "";

  /** Counts pages whose stamp was overwritten while their block was live. */
  void addDamagedPages(long pages) {
    damagedPages += pages;
  }

  /** Counts a live block that the allocator would not take back. */
  void addRefusedFree(IllegalArgumentException refusal) {
    if (refusedFrees++ == 0) {
      firstRefusal = String.valueOf(refusal.getMessage());
    }
  }

  /** Checks that the allocator counts the same pages as allocated as the replay does. */
  void expectLivePages(long livePages, AllocatorStats stats) {
    if (stats.pagesAllocated() != livePages) {
      sentences.add(
          "After the last event the allocator counts %d pages as allocated, but %d are live."
              .formatted(stats.pagesAllocated(), livePages));
    }
  }

  /** Checks the allocator's metadata, and that it is as new; returns whether that holds. */
  boolean expectNew(BuddyAllocator allocator, AllocatorStats start) {
    AllocatorStats stats = allocator.stats();
    boolean drained =
        stats.freeBlocks().equals(start.freeBlocks())
            && stats.allocatedBlocks().equals(start.allocatedBlocks());
    if (!drained) {
      sentences.add(
          "After everything was freed the allocator differs from a new one: its free blocks are %s"
                  .formatted(stats.freeBlocks())
              + ", not %s.".formatted(start.freeBlocks()));
    }
    try {
      allocator.validate();
      return drained;
    } catch (AssertionError e) {
      sentences.add("The allocator's metadata is damaged: %s.".formatted(e.getMessage()));
      return false;
    }
  }

  /** A sentence for each kind of defect. */
  List<String> sentences() {
    List<String> all = new ArrayList<>(sentences);
    if (damagedPages > 0) {
      all.add("%d pages were overwritten while they were live.".formatted(damagedPages));
    }
    if (refusedFrees > 0) {
      all.add(
          "The allocator refused to free %d live blocks, the first as %s."
              .formatted(refusedFrees, firstRefusal));
    }
    return all;
  }
}
