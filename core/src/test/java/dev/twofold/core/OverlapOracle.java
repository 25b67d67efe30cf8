package dev.twofold.core;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** Knows for every page whether somebody has it; complains if two have it at once. */
final class OverlapOracle {

  private static final int NOBODY = 0;

  private final long firstPage;
  private final AtomicIntegerArray owners;

  OverlapOracle(long firstPage, int pageCount) {
    this.firstPage = firstPage;
    this.owners = new AtomicIntegerArray(pageCount);
  }

  /** Notes that a block was handed out to {@code owner} (not 0). */
  void take(long address, int order, int owner) {
    takePages(address, 1L << order, owner);
  }

  /** Notes that pages side by side were handed out to {@code owner} (not 0). */
  void takePages(long address, long count, int owner) {
    exchange(address, count, NOBODY, owner);
  }

  /** Notes that the block of {@code owner} is about to be freed. */
  void giveBack(long address, int order, int owner) {
    giveBackPages(address, 1L << order, owner);
  }

  /** Notes that pages of {@code owner} are about to be freed. */
  void giveBackPages(long address, long count, int owner) {
    exchange(address, count, owner, NOBODY);
  }

  private void exchange(long address, long count, int from, int to) {
    int first = Math.toIntExact(address / Fixtures.PAGE_BYTES - firstPage);
    for (int page = first; page < first + count; page++) {
      int owner = owners.compareAndExchange(page, from, to);
      if (owner != from) {
        throw new AssertionError("page %d belongs to %d, not to %d".formatted(page, owner, from));
      }
    }
  }
}
