package dev.twofold.core;

import java.util.StringJoiner;

/** The allocated blocks and runs of a region: how many, and in words the first few. */
final class AllocatedBlocks {

  private static final int NAMED = 4;

  private final int pageShift;
  private final long[] firstPages = new long[NAMED];
  private final long[] pageCounts = new long[NAMED];
  private long count;

  /** Begins with none. */
  AllocatedBlocks(int pageShift) {
    this.pageShift = pageShift;
  }

  /** Adds the block or run of so many pages at this absolute page. */
  void add(long page, long pageCount) {
    if (count < NAMED) {
      firstPages[(int) count] = page;
      pageCounts[(int) count] = pageCount;
    }
    count++;
  }

  /** Adds so many pages to the run that was added last. */
  void lengthen(long pageCount) {
    if (count >= 1 && count <= NAMED) {
      pageCounts[(int) count - 1] += pageCount;
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
    StringJoiner named = new StringJoiner(", ");
    for (int block = 0; block < Math.min(count, NAMED); block++) {
      named.add(
          "%d bytes at 0x%x"
              .formatted(pageCounts[block] << pageShift, firstPages[block] << pageShift));
    }
    return "%s: %s%s".formatted(blocks, named, count > NAMED ? ", ..." : "");
  }
}
