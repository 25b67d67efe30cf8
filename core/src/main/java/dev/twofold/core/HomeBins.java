package dev.twofold.core;

import java.util.Arrays;

/**
 * The units of one home in bins: one for each kind of units and each order of the largest free
 * block. In a bin each unit is a bit, at the place where the unit lies in its tree; masks over what
 * is not empty lead to the first one. Not thread-safe.
 */
final class HomeBins {

  /** Of a home that has no unit; never changed. */
  static final HomeBins EMPTY = new HomeBins();

  /** Stands for no unit, bin or order. */
  static final int NONE = -1;

  /** Units that nobody uses, with pages enough to be worth drawing on. */
  static final int ROOMY = 0;

  /** Units that nobody uses, with fewer pages. */
  static final int SCANT = 1;

  /** Units that some thread draws on. */
  static final int IN_USE = 2;

  private static final int KINDS = 3;
  private static final int ORDERS = Tiers.UNIT_ORDER + 1;
  private static final int BINS = KINDS * ORDERS;

  /** A rank is a bin and a unit, of which a tree has up to 2^9. */
  private static final int UNIT_BITS = 9;

  /** Words of a bin. */
  private static final int WORDS = 1 << UNIT_BITS >>> 6;

  private final long[] units = new long[BINS * WORDS];

  /** The words of each bin that are not 0. */
  private final byte[] filled = new byte[BINS];

  /** The orders of each kind whose bins are not empty. */
  private final short[] orders = new short[KINDS];

  /** The units that have this home, as bits of a summary. */
  private final long[] members = new long[ReturnedUnits.WORDS];

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

  /** Returns the bin of units of a kind whose largest free block has that order. */
  static int bin(int kind, int order) {
    return kind * ORDERS + order;
  }

  /** Returns the kind of the units in a bin. */
  static int kind(int bin) {
    return bin / ORDERS;
  }

  /** Returns the order of the largest free block of the units in a bin. */
  static int order(int bin) {
    return bin % ORDERS;
  }

  /** Returns the order of the largest free block of the units that nobody uses, or NONE. */
  int largestFreeOrder() {
    return Orders.largestOf(orders[ROOMY] | orders[SCANT]);
  }

  /**
   * Returns the rank of the first unit that nobody uses and that can serve {@code order}: roomy
   * ones first, then by the order of the largest free block, and then by where it lies. {@link
   * Integer#MAX_VALUE} if there is none.
   */
  int rank(int order) {
    return Math.min(rank(ROOMY, order), rank(SCANT, order));
  }

  /** Returns the rank of the first unit in use that can serve {@code order}, likewise. */
  int rankInUse(int order) {
    return rank(IN_USE, order);
  }

  private int rank(int kind, int order) {
    int serving = (orders[kind] >>> order) << order;
    if (serving == 0) {
      return Integer.MAX_VALUE;
    }
    int bin = bin(kind, Integer.numberOfTrailingZeros(serving));
    int word = Integer.numberOfTrailingZeros(filled[bin]);
    int bit = Long.numberOfTrailingZeros(units[bin * WORDS + word]);
    return (bin << UNIT_BITS) + word * Long.SIZE + bit;
  }

  /** Returns the unit of that rank, or NONE if it is of none. */
  static int ranked(int rank) {
    return rank == Integer.MAX_VALUE ? NONE : rank & ((1 << UNIT_BITS) - 1);
  }

  /** Returns whether a unit stands in a bin, and the masks lead there. */
  boolean has(int bin, int unit) {
    int word = unit >>> 6;
    boolean marked = ((filled[bin] >>> word) & (orders[kind(bin)] >>> order(bin)) & 1) != 0;
    return marked && ((units[bin * WORDS + word] >>> unit) & 1) != 0;
  }

  /** Puts a unit into a bin. */
  void add(int bin, int unit) {
    int word = unit >>> 6;
    units[bin * WORDS + word] |= 1L << unit;
    filled[bin] |= (byte) (1 << word);
    orders[kind(bin)] |= (short) (1 << order(bin));
  }

  /** Takes a unit out of a bin. */
  void remove(int bin, int unit) {
    int word = unit >>> 6;
    units[bin * WORDS + word] &= ~(1L << unit);
    if (units[bin * WORDS + word] == 0) {
      filled[bin] &= (byte) ~(1 << word);
    }
    if (filled[bin] == 0) {
      orders[kind(bin)] &= (short) ~(1 << order(bin));
    }
  }
}
