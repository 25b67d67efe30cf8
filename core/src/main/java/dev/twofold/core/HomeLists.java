package dev.twofold.core;

import java.util.Arrays;

/**
 * The heads of the lists of one home: 64 for each order of the largest free block, 63 by free pages
 * in steps of 8 and one for the units in use, with masks over those that are not empty. The links
 * are the {@link DensityLists}'. Not thread-safe.
 */
final class HomeLists {

  /** Of a home that has no unit; never changed. */
  static final HomeLists EMPTY = new HomeLists();

  /** Stands for no unit, list or order. */
  static final int NONE = -1;

  /** The place among the lists of an order of the one for units in use. */
  static final int IN_USE = (1 << 6) - 1;

  private static final int STEP_SHIFT = 3;
  private static final int STEPS_SHIFT = 6;
  private static final int ORDERS = Tiers.UNIT_ORDER + 1;
  private static final int LISTS = ORDERS << STEPS_SHIFT;

  private final short[] heads = new short[LISTS];

  /** The units that have this home, as bits of a summary. */
  private final long[] members = new long[ReturnedUnits.WORDS];

  /** The lists of each order that are not empty. */
  private final long[] steps = new long[ORDERS];

  /** The orders with a unit that is not in use, and those with one that is. */
  private int orders;

  private int ordersInUse;

  HomeLists() {
    Arrays.fill(heads, (short) NONE);
  }

  /** Returns the units of a word of a summary that have this home, as bits. */
  long members(int word) {
    return members[word];
  }

  /** Says whether a unit has this home. */
  void setMember(int unit, boolean member) {
    int word = ReturnedUnits.wordOf(unit);
    long bit = ReturnedUnits.bitOf(unit);
    members[word] = member ? members[word] | bit : members[word] & ~bit;
  }

  /** Says that all units have this home. */
  void addAllMembers() {
    Arrays.fill(members, -1);
  }

  /** Returns the list of units of that largest free order with so many free pages. */
  static int list(int order, int freePages, boolean inUse) {
    int step = Math.min((freePages - 1) >>> STEP_SHIFT, IN_USE - 1);
    return (order << STEPS_SHIFT) + (inUse ? IN_USE : step);
  }

  /** Returns the order of the largest free block of a unit in a list. */
  static int order(int list) {
    return list >> STEPS_SHIFT;
  }

  /** Returns the order of the largest free block of the units that nobody uses, or NONE. */
  int largestFreeOrder() {
    return Orders.largestOf(orders);
  }

  /**
   * Returns the rank of the first unit to take a block of {@code order} from: the lower, the more
   * is kept whole by taking it; or {@link Integer#MAX_VALUE} if no unit can serve.
   *
   * @param pages how many free pages make it worth to draw on a unit, if one has them
   */
  int rank(int order, int pages) {
    int serving = (orders >>> order) << order;
    long roomy = (-1L << ((pages - 1) >>> STEP_SHIFT)) & ~(1L << IN_USE);
    for (int rest = serving; rest != 0; rest &= rest - 1) {
      int largest = Integer.numberOfTrailingZeros(rest);
      if ((steps[largest] & roomy) != 0) {
        return rank(largest, steps[largest] & roomy);
      }
    }
    if (serving == 0) {
      return Integer.MAX_VALUE;
    }
    int largest = Integer.numberOfTrailingZeros(serving);
    return LISTS + rank(largest, steps[largest]);
  }

  /** Returns the unit of that rank. */
  int ranked(int rank) {
    return heads[rank < LISTS ? rank : rank - LISTS];
  }

  /** Returns a unit in use that can serve {@code order}, or {@link #NONE}. */
  int findInUse(int order) {
    int serving = ordersInUse >>> order;
    int largest = order + Integer.numberOfTrailingZeros(serving);
    return serving == 0 ? NONE : heads[(largest << STEPS_SHIFT) + IN_USE];
  }

  /** Returns the first unit of a list, or {@link #NONE}. */
  int head(int list) {
    return heads[list];
  }

  /** Lets a list begin with a unit, or be empty. */
  void setHead(int list, int unit) {
    heads[list] = (short) unit;
    int order = order(list);
    long bit = 1L << list;
    steps[order] = unit == NONE ? steps[order] & ~bit : steps[order] | bit;
    orders = with(orders, order, (steps[order] & ~(1L << IN_USE)) != 0);
    ordersInUse = with(ordersInUse, order, steps[order] >>> IN_USE != 0);
  }

  /** Returns whether the masks know that the list is not empty. */
  boolean isMarked(int list) {
    return ((steps[order(list)] >>> list) & 1) != 0;
  }

  private static int rank(int order, long lists) {
    return (order << STEPS_SHIFT) + Long.numberOfTrailingZeros(lists);
  }

  private static int with(int orders, int order, boolean there) {
    return there ? orders | (1 << order) : orders & ~(1 << order);
  }
}
