package dev.twofold.core;

import java.util.Arrays;

/**
 * The small trees of one tree: blocks of order 9 that were broken up, with the free blocks of
 * orders 0 to 8 in them. The seed's design in miniature: stripes that are bits alone, as the blocks
 * of a small tree are so few that its next free one is found by looking at a word or two.
 *
 * <p>A small tree numbers its blocks like {@link TreeLayout} does: block b of order k is node
 * 2^(9-k) + b. Bit n of its 1024-bit vector says that node n is a free block:
 *
 * <pre>
 *   word     0                       1          2..3       4..7       8..15
 *   nodes    1 | 2-3 | ... | 32-63   64-127     128-255    256-511    512-1023
 *   order    9 |  8  | ... |   4     3          2          1          0
 * </pre>
 *
 * <p>A summary of 32 bits spares looking at all of it: which words are not 0, and which orders have
 * a free block. All this is 0.27 bytes a page. Small trees are named by their index, pages counted
 * from the small tree's first. Not thread-safe.
 */
final class SmallTrees {

  /** The order of a whole small tree: 2 MiB of 4 KiB pages, a huge page of x86-64 and AArch64. */
  static final int ORDER = 9;

  /** Pages of a whole small tree. */
  static final int PAGES = 1 << ORDER;

  private static final int WORDS_SHIFT = 4;
  private static final int WORDS = 1 << WORDS_SHIFT;
  private static final int ORDERS_SHIFT = WORDS;
  private static final int WHOLE = 1;

  private final long[] vectors;

  /** Bit w: word w is not 0. Bit 16 + k: order k has a free block. */
  private final int[] summaries;

  private final short[] freePages;
  private long splits;
  private long merges;

  /** Makes {@code count} small trees that have no free page. */
  SmallTrees(int count) {
    vectors = new long[count << WORDS_SHIFT];
    summaries = new int[count];
    freePages = new short[count];
  }

  /** Returns how many pages are free. */
  int freePages(int tree) {
    return freePages[tree];
  }

  /** Returns a mask of the orders that have a free block. */
  int freeOrders(int tree) {
    return summaries[tree] >>> ORDERS_SHIFT;
  }

  /** Returns whether all of the small tree is one free block. */
  boolean isWhole(int tree) {
    return freePages[tree] == PAGES;
  }

  /** Returns the order of the block that {@link #allocate} would take for {@code order}. */
  int smallestHolding(int tree, int order) {
    return order + Integer.numberOfTrailingZeros(freeOrders(tree) >>> order);
  }

  /**
   * Takes the lowest of the smallest free blocks that hold {@code order}, splits it, and returns
   * the first page of the part of that order. There must be such a block.
   */
  int allocate(int tree, int order) {
    int split = smallestHolding(tree, order);
    int node = lowestFree(tree, split);
    clear(tree, node, split);
    splits += split - order;
    while (split > order) {
      split--;
      node *= 2;
      set(tree, node + 1, split);
    }
    freePages[tree] -= (short) Orders.pages(order);
    return (node << order) & (PAGES - 1);
  }

  /** Gives back the block of {@code order} at {@code page}, merging it as far as it goes. */
  void free(int tree, int page, int order) {
    int node = node(page, order);
    int merged = order;
    while (node != WHOLE && isFree(tree, node ^ 1)) {
      clear(tree, node ^ 1, merged);
      node >>>= 1;
      merged++;
    }
    merges += merged - order;
    set(tree, node, merged);
    freePages[tree] += (short) Orders.pages(order);
  }

  /** Takes all pages, which are one free block, out. */
  void takeWhole(int tree) {
    clear(tree, WHOLE, ORDER);
    freePages[tree] = 0;
  }

  /** Returns the order of the free block that starts at {@code page}, or -1. */
  int freeOrderAt(int tree, int page) {
    int order = 0;
    int node = PAGES + page;
    while (!isFree(tree, node)) {
      if ((node & 1) != 0 || node == WHOLE) {
        return -1;
      }
      node >>>= 1;
      order++;
    }
    return order;
  }

  /** Adds the figures of all small trees to {@code tally}. */
  void addTo(Tally tally) {
    tally.splits += splits;
    tally.merges += merges;
    for (int tree = 0; tree < summaries.length; tree++) {
      for (int order = 0; order <= Orders.largestOf(freeOrders(tree)); order++) {
        tally.freeBlocks[order] += freeBlocks(tree, order);
      }
    }
  }

  /**
   * Compares summary and number of free pages with the bits.
   *
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate(int tree) {
    int summary = 0;
    int pages = 0;
    for (int node = WHOLE; node < 2 * PAGES; node++) {
      if (isFree(tree, node)) {
        int order = ORDER - Orders.largestOf(node);
        summary |= (1 << (node >>> 6)) | (1 << ORDERS_SHIFT << order);
        pages += Orders.pages(order);
        boolean buddyFree = node != WHOLE && isFree(tree, node ^ 1);
        Invariant.hold(
            !buddyFree, "two free buddies were not merged; small tree, node", tree, node);
      }
    }
    Invariant.hold(summary == summaries[tree], "a summary is wrong; small tree", tree);
    Invariant.hold(pages == freePages[tree], "free pages are miscounted; small tree", tree, pages);
  }

  /** Returns a hash of all metadata. */
  long digest() {
    long hash = Arrays.hashCode(vectors) * 31L + Arrays.hashCode(summaries);
    return ((hash * 31 + Arrays.hashCode(freePages)) * 31 + splits) * 31 + merges;
  }

  private int freeBlocks(int tree, int order) {
    int count = 0;
    for (int node = PAGES >>> order; node < (2 * PAGES) >>> order; node++) {
      count += isFree(tree, node) ? 1 : 0;
    }
    return count;
  }

  private int lowestFree(int tree, int order) {
    int base = tree << WORDS_SHIFT;
    int first = PAGES >>> order;
    if (first < Long.SIZE) {
      return first + Long.numberOfTrailingZeros(vectors[base] >>> first);
    }
    int word = first >>> 6;
    word += Integer.numberOfTrailingZeros(summaries[tree] >>> word);
    return (word << 6) + Long.numberOfTrailingZeros(vectors[base + word]);
  }

  private boolean isFree(int tree, int node) {
    return (vectors[(tree << WORDS_SHIFT) + (node >>> 6)] >>> node & 1) != 0;
  }

  private void set(int tree, int node, int order) {
    int word = node >>> 6;
    vectors[(tree << WORDS_SHIFT) + word] |= 1L << node;
    summaries[tree] |= (1 << word) | (1 << ORDERS_SHIFT << order);
  }

  private void clear(int tree, int node, int order) {
    int word = node >>> 6;
    int index = (tree << WORDS_SHIFT) + word;
    long rest = vectors[index] & ~(1L << node);
    vectors[index] = rest;
    int first = PAGES >>> order;
    if (first < Long.SIZE) {
      long stripe = ((1L << first) - 1) << first;
      forget(tree, rest == 0 ? 1 << word : 0, (rest & stripe) == 0, order);
    } else if (rest == 0) {
      int stripe = ((1 << (first >>> 6)) - 1) << (first >>> 6);
      int others = summaries[tree] & stripe & ~(1 << word);
      forget(tree, 1 << word, others == 0, order);
    }
  }

  /** Clears the bits of words that became 0, and that of an order whose last free block went. */
  private void forget(int tree, int emptyWords, boolean orderEmpty, int order) {
    int emptyOrders = orderEmpty ? 1 << ORDERS_SHIFT << order : 0;
    summaries[tree] &= ~(emptyWords | emptyOrders);
  }

  private static int node(int page, int order) {
    return (PAGES + page) >>> order;
  }
}
