package dev.twofold.core;

/**
 * Policy: which free units of a tree are given back to the system, and what the tree has of its
 * memory. For whoever holds the tree's lock.
 *
 * <p>A unit is <b>committed</b> from when the first of its blocks is handed out until its memory is
 * given back; while none of them was freed, that is told by what is allocated. A unit is
 * <b>idle</b> if it is committed and was wholly free for some time without a break. So what a
 * steady load uses again and again within that time is never given back, however far it goes up and
 * down, and what it has not used for that long it did not need at its highest level either.
 * Requests take small blocks and low addresses first, so what is not needed stays the same units
 * for long.
 */
final class IdleUnits {

  private final Tree tree;
  private final Words access;
  private final TreeLayout layout;
  private final WholeUnits whole;
  private final UnitAges ages;

  /** What was given back so far: units, and calls that did it. */
  private long givenBack;

  private long calls;

  private IdleUnits(Tree tree, Words access, UnitAges ages) {
    this.tree = tree;
    this.access = access;
    this.ages = ages;
    layout = tree.layout();
    whole = new WholeUnits(access, tree.words());
  }

  /** Says of a tree's units, of which there is room for so many, that they are new. */
  static IdleUnits ofNew(Tree tree, Words access, int count) {
    TreeLayout layout = tree.layout();
    return new IdleUnits(tree, access, new UnitAges(access, tree.words(), count, layout.zeroed()));
  }

  /** Says of the tree that a tree was moved to what was known of that. */
  IdleUnits moved(Tree moved) {
    IdleUnits idle = new IdleUnits(moved, access, ages.moved(moved.words()));
    idle.givenBack = givenBack;
    idle.calls = calls;
    return idle;
  }

  /** Returns for how many units there is room. */
  int count() {
    return ages.count();
  }

  /** Returns since when units are untouched; for anybody to read. */
  UnitAges ages() {
    return ages;
  }

  /**
   * Notes which units are wholly free, and adds those that are idle since {@code idleSince} and lie
   * in free blocks of {@code order} or larger, and how many are needed: all others that the system
   * stands behind. Returns that number.
   *
   * @param now the time, at least 0; if it is {@code idleSince}, all that are committed are idle
   */
  int find(FoundUnits found, int order, long now, long idleSince) {
    ages.learnGaveBack();
    found.setGaveBack(ages.gaveBack());
    found.addUsed(usedUnits());
    for (int group = 0; group < WholeUnits.GROUPS; group++) {
      int free = whole.free(group, Tiers.UNIT_ORDER);
      int committed = ages.committed(WholeUnits.firstUnit(group), free);
      int idle = findIdle(group, committed, now, idleSince);
      found.addFree(group, committed, idle & whole.free(group, order));
    }
    return found.needed();
  }

  private int findIdle(int group, int units, long now, long idleSince) {
    int idle = 0;
    for (int rest = units; rest != 0; rest &= rest - 1) {
      int place = Integer.numberOfTrailingZeros(rest);
      int unit = WholeUnits.firstUnit(group) + place;
      ages.setFree(unit, now);
      idle |= ages.isFreeSince(unit, idleSince) ? 1 << place : 0;
    }
    return idle;
  }

  private int usedUnits() {
    int free = WholeProfile.freeUnits(tree.wholeProfile());
    return Math.max(0, (layout.pageCount() >>> Tiers.UNIT_ORDER) - free);
  }

  /**
   * Leaves up to so many of the units out that were found idle, those in the smallest free blocks
   * first, as requests do ({@link UnitChoice}); returns how many.
   */
  int leaveOut(FoundUnits found, int count) {
    int rest = count;
    for (int order = Tiers.UNIT_ORDER; order <= Orders.MAX_ORDER && rest > 0; order++) {
      for (int group = 0; group < WholeUnits.GROUPS; group++) {
        int units = found.idle(group) & ~inLargerBlocks(group, order);
        for (; units != 0 && rest > 0; units &= units - 1) {
          found.leaveOut(group, Integer.lowestOneBit(units));
          rest--;
        }
      }
    }
    return count - rest;
  }

  private int inLargerBlocks(int group, int order) {
    return order == Orders.MAX_ORDER ? 0 : whole.free(group, order + 1);
  }

  /** Returns those of the units of a group, as bits, that are idle as they were when found. */
  int stillIdle(int group, int units, long idleSince) {
    int idle = 0;
    for (int rest = units & whole.free(group, Tiers.UNIT_ORDER); rest != 0; rest &= rest - 1) {
      int place = Integer.numberOfTrailingZeros(rest);
      boolean still = ages.isFreeSince(WholeUnits.firstUnit(group) + place, idleSince);
      idle |= still ? 1 << place : 0;
    }
    return idle;
  }

  /** Keeps those of the units from everybody that are still free, and returns them. */
  int keep(int group, int units) {
    int kept = whole.keep(group, units);
    tree.runs().setKept(group, kept);
    return kept;
  }

  /**
   * Makes units that were kept free again.
   *
   * @param back those of them whose memory was given back, as bits
   * @param now since when the others are idle
   * @param calls how many calls it took
   */
  void release(int group, int units, int back, long now, int calls) {
    for (int rest = units; rest != 0; rest &= rest - 1) {
      int place = Integer.numberOfTrailingZeros(rest);
      int unit = WholeUnits.firstUnit(group) + place;
      if (((back >>> place) & 1) != 0) {
        ages.setGivenBack(unit);
      } else {
        ages.setFreeAgain(unit, now);
      }
    }
    whole.release(group, units);
    tree.runs().setKept(group, 0);
    givenBack += Integer.bitCount(back);
    this.calls += calls;
  }

  /** Adds what was given back so far. */
  void addSoFar(Tally tally) {
    tally.givenBackSoFar += givenBack << Tiers.UNIT_ORDER;
    tally.decommits += calls;
  }

  /** Adds the figures; what is allocated was added before, so that what is committed is no less. */
  void addTo(Tally tally) {
    addSoFar(tally);
    for (int group = 0; group < WholeUnits.GROUPS; group++) {
      int free = whole.free(group, Tiers.UNIT_ORDER);
      for (int place = 0; place < WholeUnits.UNITS; place++) {
        int unit = WholeUnits.firstUnit(group) + place;
        int pages = layout.covered(unit << Tiers.UNIT_ORDER, Tiers.UNIT_ORDER);
        if (pages > 0) {
          addTo(tally, unit, pages, ((free >>> place) & 1) != 0);
        }
      }
    }
  }

  private void addTo(Tally tally, int unit, int pages, boolean free) {
    if (!ages.isFresh(unit) || !(free || isUnused(unit, pages))) {
      tally.committed += pages;
    } else if (ages.isGivenBack(unit)) {
      tally.givenBack += pages;
    }
  }

  /**
   * A unit that is broken up, as those at the ends of a tree always are, can be all free as well.
   */
  private boolean isUnused(int unit, int pages) {
    return tree.isBroken(unit) && UnitProfile.freePages(tree.profile(unit)) == pages;
  }
}
