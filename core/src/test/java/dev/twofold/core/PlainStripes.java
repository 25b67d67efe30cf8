package dev.twofold.core;

import java.util.Arrays;

/**
 * The stripes of one tree, interleaved. A stripe is one size class of one tree: a circular doubly
 * linked list of its free blocks, and a bit for each of its blocks that says whether the block is
 * in the list. Push, pop and removal by page take constant time.
 *
 * <p>All stripes share one bit vector, in which each has the range of its nodes, and one page
 * table, in which the links stand; {@link PlainLayout} tells where. The head of a list is a slot of
 * the same table, which spares every operation the case of an empty list. {@link #nonEmptyOrders()}
 * finds the next larger stripe that has a block without asking them one by one.
 *
 * <p>Invariants: a bit is set if and only if the block is in the list; {@link #count} is the number
 * of both; bit k of the mask is set if and only if stripe k is not empty. Not thread-safe.
 */
final class PlainStripes {

  private final PlainLayout layout;
  private final PlainBitVector freeBits;
  private final PlainPageTable table;
  private final int[] counts;
  private int nonEmptyOrders;

  /** Makes the stripes of a tree, all empty. */
  PlainStripes(PlainLayout layout, PlainPageTable table) {
    this.layout = layout;
    this.freeBits = new PlainBitVector(layout.nodeCount());
    this.table = table;
    this.counts = new int[layout.height() + 1];
    for (int order = 0; order <= layout.height(); order++) {
      table.join(layout.headSlot(order), layout.headSlot(order));
    }
  }

  /** Returns the number of free blocks of {@code order}. */
  int count(int order) {
    return counts[order];
  }

  /** Returns a mask with bit k set if and only if there is a free block of order k. */
  int nonEmptyOrders() {
    return nonEmptyOrders;
  }

  /** Returns whether the block of {@code order} that starts at {@code page} is in its list. */
  boolean contains(int order, int page) {
    return freeBits.get(layout.node(order, page));
  }

  /** Adds a block that is in no list; the next {@link #pop} returns it. */
  void push(int order, int page) {
    int slot = layout.slot(page);
    int head = layout.headSlot(order);
    table.join(slot, table.next(head));
    table.join(head, slot);
    freeBits.set(layout.node(order, page));
    counts[order]++;
    nonEmptyOrders |= 1 << order;
  }

  /** Takes the block pushed last and returns its first page; the stripe must not be empty. */
  int pop(int order) {
    int head = layout.headSlot(order);
    int slot = table.next(head);
    int next = table.next(slot);
    table.join(head, next);
    unmark(order, slot, next == head);
    return layout.page(slot);
  }

  /** Takes the block that starts at {@code page} out of its list, where it must be. */
  void remove(int order, int page) {
    int slot = layout.slot(page);
    int previous = table.previous(slot);
    int next = table.next(slot);
    table.join(previous, next);
    unmark(order, slot, previous == next && next == layout.headSlot(order));
  }

  /** Returns a hash of the bits, counts and mask; the links are the page table's. */
  long digest() {
    return (freeBits.digest() * 31 + Arrays.hashCode(counts)) * 31 + nonEmptyOrders;
  }

  /**
   * Walks every list and compares it with bits, count and mask, in time linear in the pages.
   *
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate() {
    for (int order = 0; order <= layout.height(); order++) {
      validateList(order);
      int bits = freeBits.count(layout.firstNode(order), 2 * layout.firstNode(order));
      Invariant.hold(bits == counts[order], "bits and count disagree; order", order, bits);
      boolean marked = (nonEmptyOrders >>> order & 1) != 0;
      Invariant.hold(marked == counts[order] > 0, "mask and count disagree; order", order);
    }
  }

  private void validateList(int order) {
    int head = layout.headSlot(order);
    int length = 0;
    int slot = head;
    do {
      int next = table.next(slot);
      Invariant.hold(table.previous(next) == slot, "list links disagree; slots", slot, next);
      slot = next;
      if (slot != head) {
        length++;
        Invariant.hold(length <= counts[order], "a list is longer than its count; order", order);
        boolean marked = contains(order, layout.page(slot));
        Invariant.hold(marked, "the bit of a listed block is clear; order, slot", order, slot);
      }
    } while (slot != head);
    Invariant.hold(length == counts[order], "a list is shorter than its count; order", order);
  }

  private void unmark(int order, int slot, boolean last) {
    table.clear(slot);
    freeBits.clear(layout.node(order, layout.page(slot)));
    counts[order]--;
    if (last) {
      nonEmptyOrders &= ~(1 << order);
    }
  }
}
