package dev.twofold.core;

import java.util.Arrays;

/**
 * Which home the groups of 32 units of a tree have: that of whoever allocated whole units there
 * last. All units of a group are one word, so threads of different homes had better not allocate
 * from the same group ({@link UnitBins} tells what a home is). For whoever holds the tree's lock.
 */
final class GroupHomes {

  /** All groups, as bits. */
  static final int ALL = -1;

  /**
   * How many homes are told apart: a power of two, as many as there are processors, but 2 to 16.
   */
  static final int COUNT = count(Runtime.getRuntime().availableProcessors());

  /** Pages of a group. */
  static final int GROUP_PAGES = WholeUnits.UNITS * Tiers.UNIT_PAGES;

  private static final byte NOBODY = -1;

  private final byte[] homes = new byte[WholeUnits.GROUPS];

  /** Makes groups that have no home. */
  GroupHomes() {
    Arrays.fill(homes, NOBODY);
  }

  private static int count(int processors) {
    return Math.clamp(Integer.highestOneBit(2 * processors - 1), 2, Slots.MAX_HOMES);
  }

  /** Returns the tree from which on a home looks for room when the trees of its own are full. */
  static int firstTree(int home, int treeCount) {
    return (home & (COUNT - 1)) * treeCount / COUNT;
  }

  /** Returns the groups of a home and those that have none, as bits; all of them for ANYWHERE. */
  int of(int home) {
    int own = 0;
    for (int group = 0; group < homes.length; group++) {
      boolean suits = homes[group] == NOBODY || homes[group] == (home & (COUNT - 1));
      own |= suits ? 1 << group : 0;
    }
    return home == UnitBins.ANYWHERE ? ALL : own;
  }

  /** Gives the group of a page a home, if it is one. */
  void use(int page, int home) {
    if (home != UnitBins.ANYWHERE) {
      homes[page / GROUP_PAGES] = (byte) (home & (COUNT - 1));
    }
  }
}
