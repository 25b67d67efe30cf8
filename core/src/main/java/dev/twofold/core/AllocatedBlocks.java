package dev.twofold.core;

import java.util.ArrayList;
import java.util.List;

/** The allocated blocks of a region: how many, and in words the first few. */
final class AllocatedBlocks {

  private static final int NAMED = 4;

  private final int pageShift;
  private final List<String> named = new ArrayList<>();
  private long count;

  /** Begins with none. */
  AllocatedBlocks(int pageShift) {
    this.pageShift = pageShift;
  }

  /** Adds the block of {@code order} at this absolute page. */
  void add(long page, int order) {
    count++;
    if (count <= NAMED) {
      named.add("%d bytes at 0x%x".formatted(1L << order << pageShift, page << pageShift));
    }
  }

  /** Returns how many there are. */
  long count() {
    return count;
  }

  /** Says how many there are, and the size and address of the first. */
  @Override
  public String toString() {
    String blocks = count == 1 ? "1 allocated block" : count + " allocated blocks";
    return "%s: %s%s".formatted(blocks, String.join(", ", named), count > NAMED ? ", ..." : "");
  }
}
