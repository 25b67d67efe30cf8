package dev.twofold.core;

import java.util.Arrays;

/**
 * The small trees that have free pages, sorted so that a request takes the one that keeps most
 * whole.
 *
 * <p>Policy: among the small trees that can serve, those whose largest free block is the smallest
 * come first; among these, the fullest. So large free blocks are left alone, pages gather in few
 * small trees, and the others drain until they are whole. Measured against "the fullest that can
 * serve", this keeps more large blocks under mixed orders and heals as well.
 *
 * <p>Mechanism: 9 x 64 circular doubly linked lists, by the order of the largest free block and by
 * free pages in steps of 8, with a mask over the lists of an order and one over the orders. Every
 * operation takes constant time. Not thread-safe.
 */
final class DensityLists {

  /** Returned instead of a small tree when there is none. */
  static final int NONE = -1;

  /** 512 pages in 64 steps, as a mask has 64 bits. */
  private static final int STEP_SHIFT = SmallTrees.ORDER - 6;

  private static final int STEPS_SHIFT = 6;
  private static final int LISTS = SmallTrees.ORDER << STEPS_SHIFT;

  /** Links of small tree t at slot t, heads of the lists behind them. */
  private final PageTable links;

  private final int heads;

  /** The list of each small tree, or {@link #NONE}. */
  private final short[] lists;

  private final long[] steps = new long[SmallTrees.ORDER];
  private int orders;

  /** Makes empty lists for {@code count} small trees. */
  DensityLists(int count) {
    heads = count;
    links = new PageTable(count + LISTS);
    lists = new short[count];
    Arrays.fill(lists, (short) NONE);
    for (int head = heads; head < heads + LISTS; head++) {
      links.join(head, head);
    }
  }

  /** Returns the order of the largest free block of any small tree, or {@link #NONE}. */
  int largestFreeOrder() {
    return Orders.largestOf(orders);
  }

  /** Returns the small tree to take a block of {@code order} from, or {@link #NONE}. */
  int find(int order) {
    int serving = orders >>> order;
    if (serving == 0) {
      return NONE;
    }
    int largest = order + Integer.numberOfTrailingZeros(serving);
    int step = Long.numberOfTrailingZeros(steps[largest]);
    return links.next(heads + (largest << STEPS_SHIFT) + step);
  }

  /** Puts a small tree where its free blocks and pages say; without any it is in no list. */
  void place(int tree, int freeOrders, int freePages) {
    int list = listOf(freeOrders, freePages);
    if (list != lists[tree]) {
      move(tree, list);
    }
  }

  /** Takes a small tree out of its list. */
  void remove(int tree) {
    move(tree, NONE);
  }

  /**
   * Checks that a small tree stands where its free blocks and pages say.
   *
   * @throws AssertionError if it does not
   */
  void validate(int tree, int freeOrders, int freePages) {
    int list = listOf(freeOrders, freePages);
    Invariant.hold(
        list == lists[tree], "a small tree is in the wrong list; tree, list", tree, list);
    if (list != NONE) {
      int head = heads + list;
      boolean linked = false;
      for (int slot = links.next(head); slot != head; slot = links.next(slot)) {
        linked |= slot == tree;
        boolean mutual = links.next(links.previous(slot)) == slot;
        Invariant.hold(mutual, "links of a small tree disagree; tree", slot);
      }
      Invariant.hold(linked, "a small tree is not in its list; tree, list", tree, list);
      boolean marked = (steps[list >>> STEPS_SHIFT] >>> list & 1) != 0;
      Invariant.hold(marked, "a list is not marked; list", list);
    }
  }

  /** Returns a hash of all metadata. */
  long digest() {
    return (links.digest() * 31 + Arrays.hashCode(lists)) * 31 + Arrays.hashCode(steps) + orders;
  }

  private static int listOf(int freeOrders, int freePages) {
    if (freeOrders == 0) {
      return NONE;
    }
    return (Orders.largestOf(freeOrders) << STEPS_SHIFT) + ((freePages - 1) >>> STEP_SHIFT);
  }

  private void move(int tree, int list) {
    int from = lists[tree];
    if (from != NONE) {
      links.join(links.previous(tree), links.next(tree));
      links.clear(tree);
      int head = heads + from;
      if (links.next(head) == head) {
        unmark(from);
      }
    }
    if (list != NONE) {
      int head = heads + list;
      links.join(tree, links.next(head));
      links.join(head, tree);
      steps[list >>> STEPS_SHIFT] |= 1L << list;
      orders |= 1 << (list >>> STEPS_SHIFT);
    }
    lists[tree] = (short) list;
  }

  private void unmark(int list) {
    int order = list >>> STEPS_SHIFT;
    steps[order] &= ~(1L << list);
    if (steps[order] == 0) {
      orders &= ~(1 << order);
    }
  }
}
