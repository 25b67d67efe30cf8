package dev.twofold.core;

import java.util.Arrays;

/**
 * The stripes of one range of pages: allocation splits, freeing merges.
 *
 * <p>This is Knuth's buddy system (<i>The Art of Computer Programming</i>, vol. 1, 2.5, algorithms
 * R and S; first Knowlton, CACM 8, 1965) with the bits and lists kept outside of the pages:
 *
 * <ul>
 *   <li><b>allocate(k)</b> takes a block of the smallest order j &ge; k that has one, found in a
 *       mask of the stripes that are not empty, and stores the upper halves it does not need in the
 *       stripes j-1 … k.
 *   <li><b>free</b> reads the order from the page's word, then, as long as the bit of the buddy is
 *       set, takes the buddy out of its list and goes on with both as one block of the next order.
 * </ul>
 *
 * <p>Invariants: every covered page lies in exactly one block, free or allocated; no two free
 * buddies; {@link #freeOrders} has bit k set if and only if stripe k is not empty; the word of a
 * page at which no block starts is clear.
 *
 * <p>Metadata is laid out at the first allocation: 8.25 bytes a page, and next to nothing before.
 *
 * <p>Pages are absolute page numbers here and counted from the tree's span inside. Not thread-safe.
 */
final class Tree {

  /** Returned instead of a page number or an order when there is none. */
  static final int NONE = -1;

  private static final Stripe[] NO_STRIPES = {};

  private final TreeLayout layout;
  private final long[] allocatedBlocks = new long[Orders.COUNT];
  private Stripe[] stripes = NO_STRIPES;
  private PageTable table = new PageTable(0);
  private int freeOrders;
  private long allocations;
  private long frees;
  private long splits;
  private long merges;

  Tree(TreeLayout layout) {
    this.layout = layout;
    this.freeOrders = ordersOfWholeTree();
  }

  /** Returns the order of the largest free block, or {@link #NONE}. */
  int largestFreeOrder() {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(freeOrders);
  }

  /**
   * Allocates a block of {@code order} and returns its first page, or returns {@link #NONE} and
   * changes nothing if no free block is large enough. O(orders).
   */
  long allocate(int order) {
    int largeEnough = freeOrders >>> order;
    if (largeEnough == 0) {
      return NONE;
    }
    if (stripes.length == 0) {
      layOut();
    }
    int from = order + Integer.numberOfTrailingZeros(largeEnough);
    int page = pop(from);
    while (from > order) {
      from--;
      push(page + Orders.pages(from), from);
      splits++;
    }
    table.setAllocated(layout.slot(page), order);
    allocatedBlocks[order]++;
    allocations++;
    return layout.spanPage() + page;
  }

  /**
   * Frees the block that starts at a covered page and returns its order, or returns {@link #NONE}
   * and changes nothing if no allocated block starts there. O(orders).
   */
  int free(long pageNumber) {
    int order = allocatedOrder(pageNumber);
    if (order == NONE) {
      return NONE;
    }
    int page = (int) (pageNumber - layout.spanPage());
    table.clear(layout.slot(page));
    int merged = order;
    while (merged < layout.height() && stripes[merged].contains(Orders.buddy(page, merged))) {
      remove(Orders.buddy(page, merged), merged);
      page = Orders.alignDown(page, merged + 1);
      merged++;
      merges++;
    }
    push(page, merged);
    allocatedBlocks[order]--;
    frees++;
    return order;
  }

  /** Returns the order of the allocated block that starts at a covered page, or {@link #NONE}. */
  int allocatedOrder(long pageNumber) {
    if (stripes.length == 0) {
      return NONE;
    }
    int slot = layout.slot((int) (pageNumber - layout.spanPage()));
    return table.isAllocated(slot) ? table.allocatedOrder(slot) : NONE;
  }

  /**
   * Returns the first page of the allocated block that holds a covered page, or {@link #NONE} if
   * the page is free. O(orders).
   */
  long allocatedPageAround(long pageNumber) {
    for (int order = 0; order <= layout.height(); order++) {
      long start = pageNumber & (-1L << order);
      boolean covered = start >= layout.spanPage() + layout.firstPage();
      if (covered && allocatedOrder(start) >= order) {
        return start;
      }
    }
    return NONE;
  }

  /** Adds this tree's figures to {@code tally}. */
  void addTo(Tally tally) {
    tally.allocations += allocations;
    tally.frees += frees;
    tally.splits += splits;
    tally.merges += merges;
    for (int order = 0; order < Orders.COUNT; order++) {
      tally.allocatedBlocks[order] += allocatedBlocks[order];
    }
    if (stripes.length == 0) {
      addWholeTreeTo(tally.freeBlocks);
    } else {
      for (int order = 0; order <= layout.height(); order++) {
        tally.freeBlocks[order] += stripes[order].count();
      }
    }
  }

  /**
   * Derives everything again from the words and compares, in time linear in the pages.
   *
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate() {
    if (stripes.length == 0) {
      Invariant.hold(freeOrders == ordersOfWholeTree(), "an unused tree is not whole");
      return;
    }
    for (int order = 0; order <= layout.height(); order++) {
      stripes[order].validate();
      boolean marked = (freeOrders >>> order & 1) != 0;
      Invariant.hold(
          marked != stripes[order].isEmpty(), "the mask of free orders is wrong at order", order);
    }
    validateBlocks();
  }

  /** Returns a hash of all metadata: equal before and after an operation that changed nothing. */
  long digest() {
    long hash = table.digest() * 31 + freeOrders;
    for (long figure : new long[] {allocations, frees, splits, merges}) {
      hash = hash * 31 + figure;
    }
    hash = hash * 31 + Arrays.hashCode(allocatedBlocks);
    for (Stripe stripe : stripes) {
      hash = hash * 31 + stripe.count();
    }
    return hash;
  }

  private void layOut() {
    PageTable newTable = new PageTable(layout.slotCount());
    BitVector freeBits = new BitVector(layout.nodeCount());
    Stripe[] newStripes = new Stripe[layout.height() + 1];
    for (int order = 0; order <= layout.height(); order++) {
      newStripes[order] = new Stripe(order, layout, freeBits, newTable);
    }
    for (int page = layout.firstPage(); page < layout.endPage(); ) {
      int order = layout.largestOrderAt(page);
      newStripes[order].push(page);
      page += Orders.pages(order);
    }
    table = newTable;
    stripes = newStripes;
  }

  private int pop(int order) {
    Stripe stripe = stripes[order];
    int page = stripe.pop();
    if (stripe.isEmpty()) {
      freeOrders &= ~(1 << order);
    }
    return page;
  }

  private void push(int page, int order) {
    stripes[order].push(page);
    freeOrders |= 1 << order;
  }

  private void remove(int page, int order) {
    Stripe stripe = stripes[order];
    stripe.remove(page);
    if (stripe.isEmpty()) {
      freeOrders &= ~(1 << order);
    }
  }

  private int ordersOfWholeTree() {
    long[] blocks = new long[Orders.COUNT];
    addWholeTreeTo(blocks);
    int orders = 0;
    for (int order = 0; order < Orders.COUNT; order++) {
      orders |= blocks[order] > 0 ? 1 << order : 0;
    }
    return orders;
  }

  private void addWholeTreeTo(long[] blocks) {
    for (int page = layout.firstPage(); page < layout.endPage(); ) {
      int order = layout.largestOrderAt(page);
      blocks[order]++;
      page += Orders.pages(order);
    }
  }

  /** Walks over the blocks from page to page. */
  private void validateBlocks() {
    long[] allocated = new long[Orders.COUNT];
    for (int page = layout.firstPage(); page < layout.endPage(); ) {
      int slot = layout.slot(page);
      int order = table.isAllocated(slot) ? table.allocatedOrder(slot) : freeOrderAt(page);
      Invariant.hold(order <= layout.height(), "a page lies in no block", page);
      Invariant.hold(Orders.alignDown(page, order) == page, "a misaligned block; page", page);
      Invariant.hold(page + Orders.pages(order) <= layout.endPage(), "a block sticks out", page);
      for (int inside = page + 1; inside < page + Orders.pages(order); inside++) {
        boolean clear = table.isClear(layout.slot(inside)) && freeOrderAt(inside) == Orders.COUNT;
        Invariant.hold(clear, "a block starts within another; page", inside);
      }
      if (table.isAllocated(slot)) {
        allocated[order]++;
      } else if (order < layout.height()) {
        boolean buddyFree = stripes[order].contains(Orders.buddy(page, order));
        Invariant.hold(!buddyFree, "two free buddies were not merged; page, order", page, order);
      }
      page += Orders.pages(order);
    }
    Invariant.hold(Arrays.equals(allocated, allocatedBlocks), "allocated blocks are miscounted");
  }

  /** Returns the order of the free block that starts at {@code page}, or {@link Orders#COUNT}. */
  private int freeOrderAt(int page) {
    for (int order = 0; order <= layout.largestOrderAt(page); order++) {
      if (stripes[order].contains(page)) {
        return order;
      }
    }
    return Orders.COUNT;
  }
}
