package dev.twofold.core;

/**
 * Settles the units of a tree that were freed to, each by itself: merges what is free in it, gives
 * it back whole if all of it is, and else puts it in the bin where it belongs. For whoever holds
 * the tree's lock.
 *
 * <p>A unit of which all is free may be left <b>vacant</b> instead: broken up as it is, so that the
 * next small block need not break it up again. To heal it and to break it up anew would take two
 * atomic operations for each of its words. A vacant unit stands for a whole one: it is drawn on
 * after all others, and before a whole one is broken up. It heals before whole units are handed out
 * of its tree; and as it goes on counting as freed to, with all that was: before a request is
 * refused, before figures are told, and before memory is given back.
 */
final class Settlement {

  private final Tree tree;
  private final Words access;
  private final long[] words;
  private final UnitBins bins;
  private final FreeRuns freeRuns;
  private final FreeCount count;
  private final UnitUses uses;

  /** The units that were left vacant and not settled since, as bits of a summary. */
  private final long[] vacant = new long[ReturnedUnits.WORDS];

  Settlement(
      Tree tree, Words access, UnitBins bins, FreeRuns freeRuns, FreeCount count, UnitUses uses) {
    this.tree = tree;
    this.access = access;
    this.words = tree.words();
    this.bins = bins;
    this.freeRuns = freeRuns;
    this.count = count;
    this.uses = uses;
  }

  /**
   * Returns the units of a word of the summary that may be vacant and that no slot draws on, as
   * bits: they are about to be settled.
   */
  long takeVacant(int word) {
    long units = uses.unused(word, vacant[word]);
    vacant[word] &= ~units;
    return units;
  }

  /**
   * Settles units of a word of a summary, given as bits, that were taken from it.
   *
   * @param small whether this is for the sake of small blocks: then those of which all is free are
   *     left vacant
   */
  void settle(int word, long units, boolean small) {
    vacant[word] &= ~units;
    for (long rest = units; rest != 0; rest &= rest - 1) {
      int unit = ReturnedUnits.firstUnit(word, rest);
      if (small && unit != ReturnedUnits.WHOLE_UNITS && tree.isVacant(unit)) {
        leaveVacant(unit);
      } else {
        settle(unit);
      }
    }
  }

  /**
   * Settles a unit, or what stands for whole ones, but for what {@link FreeCount#countWhole} does.
   */
  void settle(int unit) {
    ReturnedUnits.take(access, words, unit);
    if (unit != ReturnedUnits.WHOLE_UNITS && tree.isBroken(unit)) {
      int profile = tree.profile(unit);
      if (UnitProfile.canHeal(profile)) {
        heal(unit);
      } else {
        place(unit, profile);
      }
    }
  }

  /** Puts a unit that is broken up where it belongs, settled or not. */
  void place(int unit) {
    place(unit, tree.profile(unit));
  }

  private void leaveVacant(int unit) {
    vacant[ReturnedUnits.wordOf(unit)] |= ReturnedUnits.bitOf(unit);
    place(unit, UnitProfile.VACANT);
    ReturnedUnits.keep(access, words, unit);
  }

  private void heal(int unit) {
    if (tree.healUnit(unit)) {
      bins.remove(unit);
      freeRuns.change(unit);
      ReturnedUnits.setDense(access, words, unit, false);
    } else {
      place(unit);
    }
  }

  private void place(int unit, int profile) {
    boolean used = uses.isUsed(unit);
    bins.place(unit, profile, used, count.patiencePages());
    freeRuns.change(unit);
    boolean dense =
        (used && count.isDrawnDense()) || UnitProfile.freePages(profile) <= count.densePages();
    ReturnedUnits.setDense(access, words, unit, dense);
  }
}
