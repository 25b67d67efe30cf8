package dev.twofold.core;

import java.util.Arrays;

/**
 * Since when each unit of a tree is untouched, and what it held then: what tells blocks that read
 * as zero, units that nobody needed for long, and memory that the system need not stand behind.
 *
 * <p>A unit is <b>untouched</b> as long as no block of it was freed since it was said to be so, of
 * which there are three occasions: it was new; its memory was given back; it was found wholly free.
 * A flag says that it is untouched ({@link ReturnedUnits}), the age here on which occasion. Nothing
 * is done when a block is allocated. A free clears the flag of each of its units <b>before</b> it
 * swaps its word, so:
 *
 * <ul>
 *   <li>Whoever was handed out a block, and looks at the flag afterwards and finds it set, is the
 *       first to have that block since the occasion: anybody before must have freed it, and what he
 *       cleared before his swap is seen after the swap that handed the block out. If the unit was
 *       zero on the occasion, the block is zero.
 *   <li>A unit that is wholly free, and untouched since it was found so, was wholly free all the
 *       time: a block that was handed out meanwhile must have been freed.
 * </ul>
 *
 * <p>Only who holds the tree's lock sets the flag, and writes the age before: on the second
 * occasion while no block of the unit is to be had, on the third while the flag is not set. So who
 * holds a block of a unit and finds its flag set finds the age of that occasion or, if that block's
 * unit lost its flag in between, of a later third one, which promises nothing.
 *
 * <p>Benign race: a free looks whether a block starts at its address before it clears the flag, and
 * is refused later if another free of the same block came first. If the unit was given back in
 * between, that is forgotten, and it is given back again some time.
 */
final class UnitAges {

  /** Ages of units that nobody was handed out a block of; the others are times, at least 0. */
  private static final long NEW = -2;

  private static final long GIVEN_BACK = -1;

  private final Words access;
  private final long[] words;
  private final boolean newIsZero;
  private final long[] ages;

  /** The same in short, for 32 units each: a bit for those whose age is NEW or GIVEN_BACK. */
  private final int[] newOrGivenBack;

  private boolean gaveBack;

  /**
   * Says of all units that they are new.
   *
   * @param words the tree's words
   * @param count how many units, whole or not, the tree's span has
   * @param newIsZero whether new memory reads as zero
   */
  UnitAges(Words access, long[] words, int count, boolean newIsZero) {
    this.access = access;
    this.words = words;
    this.newIsZero = newIsZero;
    ages = new long[count];
    Arrays.fill(ages, NEW);
    newOrGivenBack = new int[(count + Integer.SIZE - 1) / Integer.SIZE];
    Arrays.fill(newOrGivenBack, -1);
    ReturnedUnits.setAllUntouched(access, words);
  }

  private UnitAges(UnitAges former, long[] words) {
    access = former.access;
    this.words = words;
    newIsZero = former.newIsZero;
    ages = former.ages;
    newOrGivenBack = former.newOrGivenBack;
    gaveBack = former.gaveBack;
    ReturnedUnits.copyUntouched(access, former.words, words);
  }

  /**
   * Says the same of the words that the tree's were moved to. A free that changed one of the tree's
   * words before it was moved had cleared the flag before, so that is known there too.
   */
  UnitAges moved(long[] movedWords) {
    return new UnitAges(this, movedWords);
  }

  /** Returns for how many units there is room. */
  int count() {
    return ages.length;
  }

  /** Says, while no block of the unit is to be had, that its memory was given back. */
  void setGivenBack(int unit) {
    ages[unit] = GIVEN_BACK;
    newOrGivenBack[unit / Integer.SIZE] |= 1 << unit;
    gaveBack = true;
    ReturnedUnits.setUntouched(access, words, unit);
  }

  /** Returns whether some unit was given back, and may be so still. */
  boolean gaveBack() {
    return gaveBack;
  }

  /** Finds out whether some unit is given back still. */
  void learnGaveBack() {
    boolean still = false;
    for (int unit = 0; gaveBack && unit < ages.length && !still; unit++) {
      still = isGivenBack(unit);
    }
    gaveBack = still;
  }

  /** Says that the unit was found wholly free, unless it is untouched since an earlier time. */
  void setFree(int unit, long now) {
    if (!ReturnedUnits.isUntouched(access, words, unit)) {
      setFreeAgain(unit, now);
    }
  }

  /** Says that the unit, no block of which is to be had, is free since now. */
  void setFreeAgain(int unit, long now) {
    ages[unit] = now;
    newOrGivenBack[unit / Integer.SIZE] &= ~(1 << unit);
    ReturnedUnits.setUntouched(access, words, unit);
  }

  /** Returns whether the unit, which is wholly free, was so at {@code time} and ever since. */
  boolean isFreeSince(int unit, long time) {
    return isUntouched(unit) && ages[unit] > GIVEN_BACK && ages[unit] <= time;
  }

  /**
   * Returns whether no block of the unit was handed out and freed since it was new or given back.
   */
  boolean isFresh(int unit) {
    return isUntouched(unit) && ages[unit] <= GIVEN_BACK;
  }

  /** Returns whether no block of the unit was handed out and freed since it was given back. */
  boolean isGivenBack(int unit) {
    return isUntouched(unit) && ages[unit] == GIVEN_BACK;
  }

  /** Returns whether blocks of the units read as zero until they are handed out. */
  boolean areZero(int firstUnit, int count) {
    for (int unit = firstUnit; unit < firstUnit + count; unit++) {
      if (!isZero(unit)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns which blocks of 2^{@code order} units, from {@code firstUnit} on, would read as zero.
   *
   * @return a bit for each of up to 32 blocks
   */
  int zeroBlocks(int firstUnit, int order) {
    int blocks = 0;
    int count = Math.min(BuddyWord.PLACES, (ages.length - firstUnit) >>> order);
    for (int block = 0; block < count; block++) {
      blocks |= areZero(firstUnit + (block << order), 1 << order) ? 1 << block : 0;
    }
    return blocks;
  }

  /**
   * Returns which of 32 units, from a multiple of 32 on, the system stands behind.
   *
   * @param units those that are asked for, as bits
   */
  int committed(int firstUnit, int units) {
    int untouched = units == 0 ? 0 : ReturnedUnits.untouched(access, words, firstUnit);
    return untouched == 0 ? units : units & ~(untouched & newOrGivenBack[firstUnit / Integer.SIZE]);
  }

  private boolean isZero(int unit) {
    return newIsZero ? isFresh(unit) : isGivenBack(unit);
  }

  private boolean isUntouched(int unit) {
    return ReturnedUnits.isUntouched(access, words, unit);
  }
}
