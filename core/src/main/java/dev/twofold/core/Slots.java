package dev.twofold.core;

import java.util.List;

/** Who may use the allocator, and which slot a thread gets. */
abstract class Slots {

  /** How many homes units can have at most: see {@link UnitBins}. */
  static final int MAX_HOMES = 16;

  /**
   * Returns the tree that requests of a home try first: half of the trees at most are such, so that
   * the others stay whole as long as they can.
   */
  static int homeTree(int home, int treeCount) {
    return home & (homeTrees(treeCount) - 1);
  }

  /**
   * Returns the tree that requests of a home try if that one cannot serve, which need not be there:
   * another one for each, so that threads do not meet as soon as their own trees are full.
   */
  static int nextHomeTree(int home, int treeCount) {
    return homeTree(home, treeCount) + homeTrees(treeCount);
  }

  private static int homeTrees(int treeCount) {
    return Math.min(MAX_HOMES, Integer.highestOneBit(Math.max(1, treeCount / 2)));
  }

  /**
   * Returns the current thread's slot, or throws like {@link #requireAccess}. A thread that owns a
   * slot gets the same one at every call.
   */
  abstract Slot current();

  /** Throws a {@link WrongThreadException} if the current thread may not use the allocator. */
  abstract void requireAccess();

  /** Returns all slots. */
  abstract List<Slot> all();
}
