package dev.twofold.core;

/**
 * One size class of one tree: a circular doubly linked list of its free blocks, and a bit for each
 * of its blocks that says whether the block is in the list. Push, pop and removal by page take
 * constant time.
 *
 * <p>A stripe owns neither: its bits are a range of the tree's bit vector and its links stand in
 * the tree's page table, so that the stripes of a tree lie interleaved ({@link TreeLayout}). The
 * list's head is a slot of the same table, which spares every operation the case of an empty list.
 *
 * <p>Invariants: a bit is set if and only if the block is in the list; {@link #count} is the number
 * of both. Not thread-safe.
 */
final class Stripe {

  private final int order;
  private final int firstNode;
  private final int firstPage;
  private final int headSlot;
  private final BitVector freeBits;
  private final PageTable table;
  private int count;

  Stripe(int order, TreeLayout layout, BitVector freeBits, PageTable table) {
    this.order = order;
    this.firstNode = layout.firstNode(order);
    this.firstPage = layout.firstPage();
    this.headSlot = layout.headSlot(order);
    this.freeBits = freeBits;
    this.table = table;
    table.join(headSlot, headSlot);
  }

  /** Returns the number of free blocks. */
  int count() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Returns whether the block that starts at {@code page} is in this list. */
  boolean contains(int page) {
    return freeBits.get(node(page));
  }

  /** Adds a block that is in no list; the next {@link #pop} returns it. */
  void push(int page) {
    int slot = page - firstPage;
    table.join(slot, table.next(headSlot));
    table.join(headSlot, slot);
    freeBits.set(node(page));
    count++;
  }

  /**
   * Takes the block that was pushed last and returns its first page; the list must not be empty.
   */
  int pop() {
    int slot = table.next(headSlot);
    int page = firstPage + slot;
    table.join(headSlot, table.next(slot));
    unmark(page, slot);
    return page;
  }

  /** Takes the block that starts at {@code page} out of the list, where it must be. */
  void remove(int page) {
    int slot = page - firstPage;
    table.join(table.previous(slot), table.next(slot));
    unmark(page, slot);
  }

  /**
   * Walks the list and compares it with the bits and the count, in time linear in the blocks of
   * this order.
   *
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate() {
    int length = 0;
    int slot = headSlot;
    do {
      int next = table.next(slot);
      Invariant.hold(table.previous(next) == slot, "list links disagree; slots", slot, next);
      slot = next;
      if (slot != headSlot) {
        length++;
        Invariant.hold(length <= count, "a list is longer than its count; order", order, count);
        boolean marked = contains(firstPage + slot);
        Invariant.hold(marked, "the bit of a listed block is clear; order, slot", order, slot);
      }
    } while (slot != headSlot);
    Invariant.hold(length == count, "a list is shorter than its count; order", order, count);
    int bits = freeBits.count(firstNode, 2 * firstNode);
    Invariant.hold(bits == count, "bits and count disagree; order", order, bits, count);
  }

  private void unmark(int page, int slot) {
    table.clear(slot);
    freeBits.clear(node(page));
    count--;
  }

  private int node(int page) {
    return firstNode + (page >>> order);
  }
}
