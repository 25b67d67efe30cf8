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
 * <p>A unit's <b>home</b> is that of the slot that drew on it last. Where there is memory enough, a
 * request looks among the units of its own home first: threads of different homes then write to
 * different units, and their processors need not pass the words of these to and fro.
 *
 * <p>Mechanism: doubly linked lists, their heads kept by home ({@link HomeLists}). Every operation
 * takes constant time. A unit may stand for more than it has, never for less, unless it was freed
 * to since. Not thread-safe.
 */
final class DensityLists {

  /** Returned instead of a unit or an order when there is none. */
  static final int NONE = HomeLists.NONE;

  /** Stands for all homes. */
  static final int ANYWHERE = -1;

  private static final int WHOLE = ReturnedUnits.WHOLE_UNITS;

  /** Heads of each home that has had a unit. */
  private final HomeLists[] homes = new HomeLists[Slots.MAX_HOMES];

  private final short[] next;
  private final short[] previous;

  /** The home of each unit. */
  private final byte[] homeOf;

  /** The list of each unit, or {@link #NONE}. */
  private final short[] lists;

  /** The free pages that each unit stands for, and their sum. */
  private final short[] pages;

  private int freePages;

  /** Makes empty lists for {@code count} units. */
  DensityLists(int count) {
    next = new short[count];
    previous = new short[count];
    homeOf = new byte[count];
    lists = new short[count];
    pages = new short[count];
    Arrays.fill(lists, (short) NONE);
    Arrays.fill(homes, HomeLists.EMPTY);
    home(0).addAllMembers();
  }

  /** Returns the order of the largest free block of the units that nobody uses, or NONE. */
  int largestFreeOrder() {
    int largest = NONE;
    for (HomeLists home : homes) {
      largest = Math.max(largest, home.largestFreeOrder());
    }
    return largest;
  }

  /** Returns how many free pages the units stand for. */
  int freePages() {
    return freePages;
  }

  /**
   * Returns the unit, in use by no thread, to take a block of {@code order} from; or {@link #NONE}.
   *
   * @param pages how many free pages make it worth to draw on a unit, if one has them
   * @param home whose units come first, or {@link #ANYWHERE}
   */
  int find(int order, int pages, int home) {
    HomeLists own = home == ANYWHERE ? HomeLists.EMPTY : homes[home];
    int rank = own.rank(order, pages);
    return rank == Integer.MAX_VALUE ? findAnywhere(order, pages) : own.ranked(rank);
  }

  private int findAnywhere(int order, int pages) {
    int unit = NONE;
    int best = Integer.MAX_VALUE;
    for (HomeLists home : homes) {
      int rank = home.rank(order, pages);
      if (rank < best) {
        best = rank;
        unit = home.ranked(rank);
      }
    }
    return unit;
  }

  /** Returns a unit in use that can serve {@code order}, or {@link #NONE}. */
  int findInUse(int order) {
    int unit = NONE;
    for (HomeLists home : homes) {
      unit = unit == NONE ? home.findInUse(order) : unit;
    }
    return unit;
  }

  /**
   * Returns the units of a home in a word of a summary, and that for whole units, as bits; see
   * {@link ReturnedUnits}.
   *
   * @param home a home, or {@link #ANYWHERE}
   */
  long members(int home, int word) {
    long whole = word == ReturnedUnits.wordOf(WHOLE) ? ReturnedUnits.bitOf(WHOLE) : 0;
    return home == ANYWHERE ? -1 : whole | homes[home].members(word);
  }

  /** Puts a unit where its profile says; without free pages it is in no list. */
  void place(int unit, int profile, boolean inUse) {
    int order = UnitProfile.largestFreeOrder(profile);
    int free = UnitProfile.freePages(profile);
    count(unit, free);
    move(unit, order == NONE ? NONE : HomeLists.list(order, free, inUse), homeOf[unit]);
  }

  /** Puts a unit, if it stands in some list, among those in use, and gives it a home. */
  void use(int unit, int home) {
    move(unit, lists[unit] == NONE ? NONE : lists[unit] | HomeLists.IN_USE, home);
  }

  /** Takes a unit out of its list. */
  void remove(int unit) {
    count(unit, 0);
    move(unit, NONE, homeOf[unit]);
  }

  /**
   * Checks that a unit stands at least for what it has.
   *
   * @throws AssertionError if it does not
   */
  void validate(int unit, int profile, boolean inUse) {
    int list = lists[unit];
    int order = UnitProfile.largestFreeOrder(profile);
    boolean enough = list == NONE ? order == NONE : HomeLists.order(list) >= order;
    Invariant.hold(enough, "a unit stands for less than it has; unit", unit, list);
    if (list != NONE) {
      boolean used = (list & HomeLists.IN_USE) == HomeLists.IN_USE;
      Invariant.hold(used == inUse, "a unit's use is unknown; unit", unit);
      HomeLists home = home(homeOf[unit]);
      boolean first = home.head(list) == unit;
      boolean linked = first ? previous[unit] == NONE : next[previous[unit]] == unit;
      linked &= next[unit] == NONE || previous[next[unit]] == unit;
      Invariant.hold(linked, "links of a unit disagree; unit", unit);
      Invariant.hold(home.isMarked(list), "a list is not marked; list", list);
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

  private HomeLists home(int home) {
    if (homes[home] == HomeLists.EMPTY) {
      homes[home] = new HomeLists();
    }
    return homes[home];
  }

  private void move(int unit, int list, int home) {
    if (lists[unit] == list && homeOf[unit] == home) {
      return;
    }
    if (lists[unit] != NONE) {
      unlink(unit);
    }
    lists[unit] = (short) list;
    if (homeOf[unit] != home) {
      home(homeOf[unit]).setMember(unit, false);
      home(home).setMember(unit, true);
      homeOf[unit] = (byte) home;
    }
    if (list != NONE) {
      link(unit, home(home), list);
    }
  }

  private void unlink(int unit) {
    int before = previous[unit];
    int after = next[unit];
    if (before == NONE) {
      home(homeOf[unit]).setHead(lists[unit], after);
    } else {
      next[before] = (short) after;
    }
    if (after != NONE) {
      previous[after] = (short) before;
    }
  }

  private void link(int unit, HomeLists home, int list) {
    int after = home.head(list);
    next[unit] = (short) after;
    previous[unit] = (short) NONE;
    if (after != NONE) {
      previous[after] = (short) unit;
    }
    home.setHead(list, unit);
  }
}
