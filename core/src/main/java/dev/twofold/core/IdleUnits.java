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
   * Notes which units of a group are wholly free, and returns those, as bits, that are idle since
   * {@code idleSince} and lie in free blocks of {@code order} or larger.
   *
   * @param now the time, at least 0; if it is {@code idleSince}, all that are committed are idle
   */
  int find(int group, int order, long now, long idleSince) {
    int free = whole.free(group, Tiers.UNIT_ORDER);
    int inLargeBlocks = whole.free(group, order);
    int idle = 0;
    for (int rest = free; rest != 0; rest &= rest - 1) {
      int place = Integer.numberOfTrailingZeros(rest);
      int unit = WholeUnits.firstUnit(group) + place;
      ages.setFree(unit, now);
      idle |= ages.isFreeSince(unit, idleSince) ? 1 << place : 0;
    }
    return idle & inLargeBlocks;
  }

  /** Returns how many units are not wholly free. */
  int usedUnits() {
    int free = WholeProfile.freeUnits(tree.wholeProfile());
    return Math.max(0, (layout.pageCount() >>> Tiers.UNIT_ORDER) - free);
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
