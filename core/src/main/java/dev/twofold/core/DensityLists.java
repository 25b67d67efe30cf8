package dev.twofold.core;

import java.util.Arrays;

/**
 * The units that have free pages, sorted so that a request takes the one that keeps most whole.
 *
 * <p>Policy: among the units that can serve, those whose largest free block is the smallest come
 * first; among these, the fullest. So large free blocks are left alone, pages gather in few units,
 * and the others drain until they are whole. Units that some thread draws on stand apart and are
 * the last resort of the others.
 *
 * <p>Mechanism: circular doubly linked lists, 64 for each order of the largest free block: 63 by
 * free pages in steps of 8, and one for the units in use; with masks over the lists that are not
 * empty. Every operation takes constant time. A unit may stand for more than it has, never for
 * less, unless it was freed to since. Not thread-safe.
 */
final class DensityLists {

  /** Returned instead of a unit or an order when there is none. */
  static final int NONE = -1;

  private static final int STEP_SHIFT = 3;
  private static final int STEPS_SHIFT = 6;
  private static final int IN_USE = (1 << STEPS_SHIFT) - 1;
  private static final int ORDERS = Tiers.UNIT_ORDER + 1;
  private static final int LISTS = ORDERS << STEPS_SHIFT;

  /** Links of unit u at u, of the heads of the lists behind them. */
  private final int[] next;

  private final int[] previous;
  private final int heads;

  /** The list of each unit, or {@link #NONE}. */
  private final short[] lists;

  /** The free pages that each unit stands for, and their sum. */
  private final short[] pages;

  private int freePages;

  /** The lists of each order that are not empty. */
  private final long[] steps = new long[ORDERS];

  /** The orders with a unit that is not in use, and those with one that is. */
  private int orders;

  private int ordersInUse;

  /** Makes empty lists for {@code count} units. */
  DensityLists(int count) {
    heads = count;
    next = new int[count + LISTS];
    previous = new int[count + LISTS];
    lists = new short[count];
    pages = new short[count];
    Arrays.fill(lists, (short) NONE);
    for (int head = heads; head < heads + LISTS; head++) {
      join(head, head);
    }
  }

  /** Returns the order of the largest free block of the units that nobody uses, or NONE. */
  int largestFreeOrder() {
    return Orders.largestOf(orders);
  }

  /** Returns how many free pages the units stand for. */
  int freePages() {
    return freePages;
  }

  /**
   * Returns the unit, in use by no thread, to take a block of {@code order} from; or {@link #NONE}.
   *
   * @param pages how many free pages make it worth to draw on a unit, if one has them
   */
  int find(int order, int pages) {
    long roomy = (-1L << ((pages - 1) >>> STEP_SHIFT)) & ~(1L << IN_USE);
    int serving = (orders >>> order) << order;
    for (int rest = serving; rest != 0; rest &= rest - 1) {
      int largest = Integer.numberOfTrailingZeros(rest);
      if ((steps[largest] & roomy) != 0) {
        return first(largest, steps[largest] & roomy);
      }
    }
    if (serving == 0) {
      return NONE;
    }
    int largest = Integer.numberOfTrailingZeros(serving);
    return first(largest, steps[largest]);
  }

  /** Returns a unit in use that can serve {@code order}, or {@link #NONE}. */
  int findInUse(int order) {
    int serving = ordersInUse >>> order;
    return serving == 0
        ? NONE
        : first(order + Integer.numberOfTrailingZeros(serving), 1L << IN_USE);
  }

  /** Puts a unit where its profile says; without free pages it is in no list. */
  void place(int unit, int profile, boolean inUse) {
    int order = UnitProfile.largestFreeOrder(profile);
    count(unit, UnitProfile.freePages(profile));
    if (order == NONE) {
      move(unit, NONE);
    } else {
      int step = Math.min((UnitProfile.freePages(profile) - 1) >>> STEP_SHIFT, IN_USE - 1);
      move(unit, (order << STEPS_SHIFT) + (inUse ? IN_USE : step));
    }
  }

  /** Puts a unit, which stands in some list, among those in use. */
  void use(int unit) {
    if (lists[unit] != NONE) {
      move(unit, lists[unit] | IN_USE);
    }
  }

  /** Takes a unit out of its list. */
  void remove(int unit) {
    count(unit, 0);
    move(unit, NONE);
  }

  /**
   * Checks that a unit stands at least for what it has.
   *
   * @throws AssertionError if it does not
   */
  void validate(int unit, int profile, boolean inUse) {
    int list = lists[unit];
    int order = UnitProfile.largestFreeOrder(profile);
    boolean enough = list == NONE ? order == NONE : list >>> STEPS_SHIFT >= order;
    Invariant.hold(enough, "a unit stands for less than it has; unit", unit, list);
    if (list != NONE) {
      Invariant.hold((list & IN_USE) == IN_USE == inUse, "a unit's use is unknown; unit", unit);
      boolean linked = next[previous[unit]] == unit && previous[next[unit]] == unit;
      Invariant.hold(linked, "links of a unit disagree; unit", unit);
      boolean marked = ((steps[list >>> STEPS_SHIFT] >>> list) & 1) != 0;
      Invariant.hold(marked, "a list is not marked; list", list);
    }
  }

  /** Returns a hash of which unit stands where. */
  long digest() {
    return Arrays.hashCode(lists);
  }

  private void count(int unit, int free) {
    freePages += free - pages[unit];
    pages[unit] = (short) free;
  }

  private int first(int order, long lists) {
    return next[heads + (order << STEPS_SHIFT) + Long.numberOfTrailingZeros(lists)];
  }

  private void move(int unit, int list) {
    int from = lists[unit];
    if (from == list) {
      return;
    }
    if (from != NONE) {
      join(previous[unit], next[unit]);
      mark(from);
    }
    if (list != NONE) {
      join(unit, next[heads + list]);
      join(heads + list, unit);
      mark(list);
    }
    lists[unit] = (short) list;
  }

  private void join(int before, int after) {
    next[before] = after;
    previous[after] = before;
  }

  /** Says of a list that has changed whether it is empty now. */
  private void mark(int list) {
    int order = list >>> STEPS_SHIFT;
    long bit = 1L << list;
    steps[order] = next[heads + list] == heads + list ? steps[order] & ~bit : steps[order] | bit;
    orders = with(orders, order, (steps[order] & ~(1L << IN_USE)) != 0);
    ordersInUse = with(ordersInUse, order, steps[order] >>> IN_USE != 0);
  }

  private static int with(int orders, int order, boolean there) {
    return there ? orders | (1 << order) : orders & ~(1 << order);
  }
}
