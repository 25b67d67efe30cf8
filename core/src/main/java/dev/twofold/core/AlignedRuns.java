package dev.twofold.core;

/**
 * How many free pages stand side by side at most that start at a multiple of a power of two: of a
 * unit, and of each node of a binary tree over the units of a tree, like the one of {@link
 * FreeRuns}. Plain data, for whoever holds the tree's lock.
 */
final class AlignedRuns {

  private final long alignmentMask;
  private final int units;
  private final int unitPages;

  /** The absolute number of the span's first page. */
  private final long spanPage;

  /** By node, numbered like a binary heap. */
  private final int[] longest;

  /**
   * Nothing is free yet.
   *
   * @param alignmentOrder pages start at multiples of 2^{@code alignmentOrder}
   * @param units how many units there are, a power of two
   * @param unitPages pages of a unit, a power of two
   * @param spanPage the absolute number of the first page of the first unit
   */
  AlignedRuns(int alignmentOrder, int units, int unitPages, long spanPage) {
    alignmentMask = (1L << alignmentOrder) - 1;
    this.units = units;
    this.unitPages = unitPages;
    this.spanPage = spanPage;
    longest = new int[2 * units];
  }

  /** Returns what each node has. It must not be changed. */
  int[] longest() {
    return longest;
  }

  /**
   * Learns which pages of a unit are free, as bits: O(1), from one run of free pages to the next.
   */
  void learn(int unit, long[] free) {
    int first = unit * unitPages;
    int best = 0;
    int start = next(free, 0, 0);
    while (start < unitPages) {
      int end = next(free, start, -1);
      best = Math.max(best, first + end - aligned(first + start));
      start = next(free, end, 0);
    }
    longest[units + unit] = best;
  }

  /**
   * Learns a node from its two children.
   *
   * @param middle the first page of its right child, counted from the span's first
   * @param before how many pages are free at the end of the left one
   * @param behind how many at the start of the right one
   */
  void combine(int node, int middle, int before, int behind) {
    int start = aligned(middle - before);
    int across = start < middle ? middle - start + behind : 0;
    longest[node] = Math.max(across, Math.max(longest[2 * node], longest[2 * node + 1]));
  }

  /** Returns the first page from this one on that is aligned, counted from the span's first. */
  private int aligned(int page) {
    long up = (spanPage + page + alignmentMask) & ~alignmentMask;
    return (int) Math.min(up - spanPage, (long) units * unitPages);
  }

  /** Returns the first page from this one on whose bit is not that of the pattern, or the end. */
  private int next(long[] free, int page, long pattern) {
    int chunk = page / Long.SIZE;
    long rest = page == unitPages ? 0 : (free[chunk] ^ pattern) & (-1L << page);
    while (rest == 0 && ++chunk * Long.SIZE < unitPages) {
      rest = free[chunk] ^ pattern;
    }
    int found = chunk * Long.SIZE + Long.numberOfTrailingZeros(rest);
    return Math.min(unitPages, found);
  }
}
