package dev.twofold.core;

import java.util.Arrays;

/**
 * The stripes of one range of pages at work: allocation splits, freeing merges.
 *
 * <p>This is Knuth's buddy system (<i>The Art of Computer Programming</i>, vol. 1, 2.5, algorithms
 * R and S; first Knowlton, CACM 8, 1965) with the bits and lists kept outside of the pages:
 *
 * <ul>
 *   <li><b>allocate(k)</b> takes a block of the smallest order j &ge; k that has one and stores the
 *       upper halves it does not need in the stripes j-1 … k.
 *   <li><b>free</b> reads the order from the page's word, then, as long as the bit of the buddy is
 *       set, takes the buddy out of its list and goes on with both as one block of the next order.
 * </ul>
 *
 * <p>Invariants: every covered page lies in exactly one block, free or allocated; no two buddies
 * are both free; the word of a page at which no block starts is clear.
 *
 * <p>Metadata is 8.25 bytes a page, laid out when the tree is made.
 *
 * <p>Page numbers are absolute at the door and counted from the tree's span inside. Not
 * thread-safe.
 */
final class PlainTree {

  /** Returned instead of a page number or an order when there is none. */
  static final int NONE = -1;

  private final PlainLayout layout;
  private final long spanPage;
  private final int height;
  private final PlainPageTable table;
  private final PlainStripes stripes;
  private final long[] allocations = new long[Orders.COUNT];
  private final long[] frees = new long[Orders.COUNT];
  private long splits;
  private long merges;

  /** Lays out a tree whose pages are all free. */
  PlainTree(PlainLayout layout) {
    this.layout = layout;
    this.spanPage = layout.spanPage();
    this.height = layout.height();
    this.table = new PlainPageTable(layout.slotCount());
    this.stripes = new PlainStripes(layout, table);
    for (int page = layout.firstPage(); page < layout.endPage(); ) {
      int order = layout.largestOrderAt(page);
      stripes.push(order, page);
      page += Orders.pages(order);
    }
  }

  /** Returns the order of the largest free block, or {@link #NONE}. */
  int largestFreeOrder() {
    return Orders.largestOf(stripes.nonEmptyOrders());
  }

  /**
   * Allocates a block of {@code order} and returns its first page, or returns {@link #NONE} and
   * changes nothing if no free block is large enough. O(orders).
   */
  long allocate(int order) {
    int largeEnough = stripes.nonEmptyOrders() >>> order;
    if (largeEnough == 0) {
      return NONE;
    }
    int split = order + Integer.numberOfTrailingZeros(largeEnough);
    int page = stripes.pop(split);
    splits += split - order;
    while (split > order) {
      split--;
      stripes.push(split, page + Orders.pages(split));
    }
    table.setAllocated(layout.slot(page), order);
    allocations[order]++;
    return spanPage + page;
  }

  /**
   * Frees the block that starts at a covered page and returns its order, or returns {@link #NONE}
   * and changes nothing if no allocated block starts there. O(orders).
   */
  int free(long pageNumber) {
    int page = (int) (pageNumber - spanPage);
    int slot = layout.slot(page);
    if (!table.isAllocated(slot)) {
      return NONE;
    }
    int order = table.allocatedOrder(slot);
    table.clear(slot);
    int merged = order;
    while (merged < height && stripes.contains(merged, Orders.buddy(page, merged))) {
      stripes.remove(merged, Orders.buddy(page, merged));
      merged++;
      page = Orders.alignDown(page, merged);
    }
    stripes.push(merged, page);
    merges += merged - order;
    frees[order]++;
    return order;
  }

  /** Returns the order of the allocated block that starts at a covered page, or {@link #NONE}. */
  int allocatedOrder(long pageNumber) {
    int slot = layout.slot((int) (pageNumber - spanPage));
    return table.isAllocated(slot) ? table.allocatedOrder(slot) : NONE;
  }

  /**
   * Returns the first page of the allocated block that holds a covered page, or {@link #NONE} if
   * the page is free. O(orders).
   */
  long allocatedPageAround(long pageNumber) {
    for (int order = 0; order <= height; order++) {
      long start = pageNumber & (-1L << order);
      if (start >= spanPage + layout.firstPage() && allocatedOrder(start) >= order) {
        return start;
      }
    }
    return NONE;
  }

  /** Adds the free blocks of each order to the counts. */
  void addFreeBlocksTo(long[] freeBlocks) {
    for (int order = 0; order <= height; order++) {
      freeBlocks[order] += stripes.count(order);
    }
  }

  /** Returns a hash of all metadata: equal before and after an operation that changed nothing. */
  long digest() {
    long hash = table.digest() * 31 + stripes.digest();
    hash = (hash * 31 + Arrays.hashCode(allocations)) * 31 + Arrays.hashCode(frees);
    return (hash * 31 + splits) * 31 + merges;
  }

  /**
   * Walks over the blocks from page to page and over the lists, and compares, in time linear in the
   * pages.
   *
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate() {
    stripes.validate();
    long[] allocated = new long[Orders.COUNT];
    for (int page = layout.firstPage(); page < layout.endPage(); ) {
      boolean taken = table.isAllocated(layout.slot(page));
      int order = taken ? table.allocatedOrder(layout.slot(page)) : freeOrderAt(page);
      validateBlock(page, order);
      if (taken) {
        allocated[order]++;
      } else {
        boolean buddyFree = order < height && stripes.contains(order, Orders.buddy(page, order));
        Invariant.hold(!buddyFree, "two free buddies were not merged; page, order", page, order);
      }
      page += Orders.pages(order);
    }
    for (int order = 0; order < Orders.COUNT; order++) {
      boolean counted = allocated[order] == allocations[order] - frees[order];
      Invariant.hold(counted, "allocated blocks are miscounted; order", order);
    }
  }

  private void validateBlock(int page, int order) {
    Invariant.hold(order <= height, "a page lies in no block; page", page);
    Invariant.hold(Orders.alignDown(page, order) == page, "a block is misaligned; page", page);
    int end = page + Orders.pages(order);
    Invariant.hold(end <= layout.endPage(), "a block sticks out of its tree; page", page);
    for (int inside = page + 1; inside < end; inside++) {
      boolean clear = table.isClear(layout.slot(inside)) && freeOrderAt(inside) == Orders.COUNT;
      Invariant.hold(clear, "a block starts within another; page", inside);
    }
  }

  /** Returns the order of the free block that starts at {@code page}, or {@link Orders#COUNT}. */
  private int freeOrderAt(int page) {
    for (int order = 0; order <= layout.largestOrderAt(page); order++) {
      if (stripes.contains(order, page)) {
        return order;
      }
    }
    return Orders.COUNT;
  }
}
