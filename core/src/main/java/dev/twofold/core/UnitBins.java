package dev.twofold.core;

import java.util.Arrays;

/**
 * The units that have free pages, in bins, so that a request takes the one that keeps most whole.
 *
 * <p>Policy: among the units that can serve, those whose largest free block is the smallest come
 * first, as large free blocks are to last; among these, the one that lies first in the tree. So
 * pages gather at low addresses, in units that stay full because they always come first, and those
 * at high addresses drain until they are whole. (Best fit, the first address among equals: Wilson
 * et al., <i>Dynamic Storage Allocation: A Survey and Critical Review</i>, 1995. To take the
 * fullest unit among equals, wherever it lies, leaves more units half full, as another one is the
 * fullest every now and then.) Units that some thread draws on stand apart and are the last resort
 * of the others, and those that had few free pages when they were placed come after those that are
 * worth drawing on.
 *
 * <p>A unit's <b>home</b> is that of the slot that drew on it last. Where there is memory enough, a
 * request looks among the units of its own home first: threads of different homes then write to
 * different units, and their processors need not pass the words of these to and fro.
 *
 * <p>Mechanism: sets of bits, kept by home ({@link HomeBins}). Every operation takes constant time.
 * A unit may stand for more than it has, never for less, unless it was freed to since. Not
 * thread-safe.
 */
final class UnitBins {

  /** Returned instead of a unit or an order when there is none. */
  static final int NONE = HomeBins.NONE;

  /** Stands for all homes. */
  static final int ANYWHERE = -1;

  private static final int WHOLE = ReturnedUnits.WHOLE_UNITS;

  /** The bins of each home that has had a unit. */
  private final HomeBins[] homes = new HomeBins[Slots.MAX_HOMES];

  /** The home of each unit. */
  private final byte[] homeOf;

  /** The bin of each unit, or {@link #NONE}. */
  private final byte[] bins;

  /** The free pages that each unit stands for, and their sum. */
  private final short[] pages;

  private int freePages;

  /** Makes empty bins for {@code count} units. */
  UnitBins(int count) {
    homeOf = new byte[count];
    bins = new byte[count];
    pages = new short[count];
    Arrays.fill(bins, (byte) NONE);
    Arrays.fill(homes, HomeBins.EMPTY);
    home(0).addAllMembers();
  }

  /** Returns the order of the largest free block of the units that nobody uses, or NONE. */
  int largestFreeOrder() {
    int largest = NONE;
    for (HomeBins home : homes) {
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
   * @param home whose units come first, or {@link #ANYWHERE}
   */
  int find(int order, int home) {
    int unit = home == ANYWHERE ? NONE : HomeBins.ranked(homes[home].rank(order));
    return unit == NONE ? findAnywhere(order) : unit;
  }

  private int findAnywhere(int order) {
    int first = Integer.MAX_VALUE;
    for (HomeBins home : homes) {
      first = Math.min(first, home.rank(order));
    }
    return HomeBins.ranked(first);
  }

  /** Returns a unit in use that can serve {@code order}, or {@link #NONE}. */
  int findInUse(int order) {
    int first = Integer.MAX_VALUE;
    for (HomeBins home : homes) {
      first = Math.min(first, home.rankInUse(order));
    }
    return HomeBins.ranked(first);
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

  /**
   * Puts a unit where its profile says; without free pages it is in no bin.
   *
   * @param inUse whether some thread draws on it
   * @param worthwhilePages how many free pages make it worth to draw on it
   */
  void place(int unit, int profile, boolean inUse, int worthwhilePages) {
    int order = UnitProfile.largestFreeOrder(profile);
    int free = UnitProfile.freePages(profile);
    int unused = free < worthwhilePages ? HomeBins.SCANT : HomeBins.ROOMY;
    count(unit, free);
    int bin = order == NONE ? NONE : HomeBins.bin(inUse ? HomeBins.IN_USE : unused, order);
    move(unit, bin, homeOf[unit]);
  }

  /** Puts a unit, if it stands in some bin, among those in use, and gives it a home. */
  void use(int unit, int home) {
    int bin = bins[unit];
    int used = bin == NONE ? NONE : HomeBins.bin(HomeBins.IN_USE, HomeBins.order(bin));
    move(unit, used, home);
  }

  /** Takes a unit out of its bin. */
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
    int bin = bins[unit];
    int order = UnitProfile.largestFreeOrder(profile);
    boolean enough = bin == NONE ? order == NONE : HomeBins.order(bin) >= order;
    Invariant.hold(enough, "a unit stands for less than it has; unit", unit, bin);
    if (bin != NONE) {
      boolean used = HomeBins.kind(bin) == HomeBins.IN_USE;
      Invariant.hold(used == inUse, "a unit's use is unknown; unit", unit);
      Invariant.hold(homes[homeOf[unit]].has(bin, unit), "a unit is not in its bin; unit", unit);
    }
  }

  /** Returns a hash of which unit stands where, but not of what was worthwhile at the time. */
  long digest() {
    long digest = 0;
    for (int bin : bins) {
      boolean used = bin != NONE && HomeBins.kind(bin) == HomeBins.IN_USE;
      digest = digest * 31 + (bin == NONE ? NONE : HomeBins.order(bin)) * 2L + (used ? 1 : 0);
    }
    return digest;
  }

  private void count(int unit, int free) {
    freePages += free - pages[unit];
    pages[unit] = (short) free;
  }

  private HomeBins home(int home) {
    if (homes[home] == HomeBins.EMPTY) {
      homes[home] = new HomeBins();
    }
    return homes[home];
  }

  private void move(int unit, int bin, int home) {
    if (bins[unit] != NONE) {
      home(homeOf[unit]).remove(bins[unit], unit);
    }
    if (homeOf[unit] != home) {
      home(homeOf[unit]).setMember(unit, false);
      home(home).setMember(unit, true);
      homeOf[unit] = (byte) home;
    }
    bins[unit] = (byte) bin;
    if (bin != NONE) {
      home(home).add(bin, unit);
    }
  }
}
