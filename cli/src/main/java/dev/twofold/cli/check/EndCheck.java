package dev.twofold.cli.check;

import dev.twofold.core.AllocatorStats;
import dev.twofold.core.BuddyAllocator;
import java.util.ArrayList;
import java.util.List;

/** Whether an allocator is as new once everything was freed; the one place that asks. */
public final class EndCheck {

  private final BuddyAllocator allocator;
  private final AllocatorStats start;

  /**
   * Remembers what a new allocator looks like.
   *
   * @param allocator a new allocator, all of whose pages are free
   */
  public EndCheck(BuddyAllocator allocator) {
    this.allocator = allocator;
    start = allocator.stats();
  }

  /**
   * Drains the allocator, compares it with the new one that it was, and checks its metadata. No
   * other thread may be using it.
   *
   * @return a sentence for each thing that is wrong: none if the allocator is as new
   */
  public List<String> run() {
    List<String> sentences = new ArrayList<>();
    allocator.drain();
    AllocatorStats end = allocator.stats();
    if (!end.freeBlocks().equals(start.freeBlocks())
        || !end.allocatedBlocks().equals(start.allocatedBlocks())) {
      sentences.add(
          "After everything was freed the allocator differs from a new one: its free blocks are %s, not %s."
              .formatted(end.freeBlocks(), start.freeBlocks()));
    }
    try {
      allocator.validate();
    } catch (AssertionError e) {
      sentences.add("The allocator's metadata is damaged: %s.".formatted(e.getMessage()));
    }
    return sentences;
  }
}
