package dev.twofold.core;

import java.util.Arrays;

/**
 * Policy: which groups of 32 units of a tree a home keeps to. All units of a group are one word, so
 * threads of different homes had better not allocate from the same one ({@link UnitBins} tells what
 * a home is). For whoever holds the tree's lock.
 *
 * <p>A group has the home of whoever allocated whole units there last, as long as it is broken up.
 * A home comes to its own groups first, then to one that is whole, and then to the others'; but if
 * those have much that is free, to all that are broken up alike, so that no more get broken up.
 *
 * <p>Where memory was given back, what was not comes first, of whichever group ({@link
 * WholeBlocks}).
 */
final class GroupHomes {

  /**
   * How many homes are told apart: a power of two, at least as many as there are processors, but 2
   * to 16.
   */
  static final int COUNT = count(Runtime.getRuntime().availableProcessors());

  /** Pages of a group. */
  static final int GROUP_PAGES = WholeUnits.UNITS * Tiers.UNIT_PAGES;

  /** A quarter of the free units may lie in groups of other homes. */
  private static final int OTHERS_SHARE = 4;

  private static final byte NOBODY = -1;

  private final Words access;
  private final long[] words;
  private final byte[] homes = new byte[WholeUnits.GROUPS];

  /** Makes groups of a tree of these words, which have no home. */
  GroupHomes(Words access, long[] words) {
    this.access = access;
    this.words = words;
    Arrays.fill(homes, NOBODY);
  }

  private static int count(int processors) {
    return Math.clamp(Integer.highestOneBit(2 * processors - 1), 2, Slots.MAX_HOMES);
  }

  /** Returns the tree from which on a home looks for room when the trees of its own are full. */
  static int firstTree(int home, int treeCount) {
    return (home & (COUNT - 1)) * treeCount / COUNT;
  }

  /**
   * Returns the groups that a home comes to before it breaks up another one, as bits.
   *
   * @param home a home, or {@link UnitBins#ANYWHERE}
   * @param freeUnits how many units of the tree are free
   */
  int of(int home, int freeUnits) {
    if (home == UnitBins.ANYWHERE) {
      return UnitChoice.ALL_GROUPS;
    }
    int broken = UnitChoice.brokenGroups(access, words);
    int own = ownOrNobodys(home, broken);
    int others = UnitChoice.freeUnits(access, words, broken & ~own);
    return others * OTHERS_SHARE > freeUnits ? UnitChoice.ALL_GROUPS : own;
  }

  private int ownOrNobodys(int home, int broken) {
    int own = 0;
    for (int group = 0; group < homes.length; group++) {
      homes[group] = ((broken >>> group) & 1) == 0 ? NOBODY : homes[group];
      boolean suits = homes[group] == NOBODY || homes[group] == (home & (COUNT - 1));
      own |= suits ? 1 << group : 0;
    }
    return own;
  }

  /** Gives the group of a page a home, if it is one. */
  void use(int page, int home) {
    if (home != UnitBins.ANYWHERE) {
      homes[page / GROUP_PAGES] = (byte) (home & (COUNT - 1));
    }
  }
}
