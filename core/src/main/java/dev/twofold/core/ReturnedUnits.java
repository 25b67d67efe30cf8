package dev.twofold.core;

/**
 * The units of a tree that were freed to since they were looked at last, as two bits each among the
 * tree's words: set by whoever frees, cleared by who holds the tree's lock.
 *
 * <p>The first says that there is something, the second that it is worth looking at: a free sets it
 * with a chance that grows with the block's size, so that it is set after about as many pages as
 * the tree's patience says. A free that finds the bits set writes nothing, so most do not. One more
 * bit stands for the blocks that are whole units.
 *
 * <p>A bit is looked at after the block was freed, and cleared before the unit is: so a free that
 * finds it set will be seen.
 */
final class ReturnedUnits {

  /** Stands for whole units. */
  static final int WHOLE_UNITS = 512;

  private static final int WORD_SHIFT = 6;

  /** Words of bits of each kind. */
  static final int WORDS = (WHOLE_UNITS >>> WORD_SHIFT) + 1;

  private static final int FIRST = Tiers.FIRST_SPARE_WORD;
  private static final int FIRST_WORTHWHILE = FIRST + WORDS;
  private static final int PATIENCE = FIRST_WORTHWHILE + WORDS;
  private static final int FIRST_DENSE = PATIENCE + 1;

  /** 2^64 / the golden ratio: its multiples differ in the highest bits first. */
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  /** Leaves 9 bits, as many as a unit has pages. */
  private static final int CHANCE_SHIFT = Long.SIZE - Tiers.UNIT_ORDER;

  private ReturnedUnits() {}

  /** Notes that a block of {@code unit} was freed. */
  static void add(Words access, long[] words, int unit) {
    set(access, words, FIRST + (unit >>> WORD_SHIFT), unit);
  }

  /**
   * Decides whether a unit that was freed to is worth looking at.
   *
   * @param chance any number, to decide by
   * @return whether it is and was not before
   */
  static boolean addWorthwhile(Words access, long[] words, int unit, int pages, long chance) {
    return (((chance * GOLDEN) >>> CHANCE_SHIFT) & access.word(words, PATIENCE)) < pages
        && set(access, words, FIRST_WORTHWHILE + (unit >>> WORD_SHIFT), unit);
  }

  /** Returns whether the unit was mostly allocated when it was looked at last. */
  static boolean isDense(Words access, long[] words, int unit) {
    return ((access.word(words, FIRST_DENSE + (unit >>> WORD_SHIFT)) >>> unit) & 1) != 0;
  }

  /** Says whether the unit is mostly allocated. */
  static void setDense(Words access, long[] words, int unit, boolean dense) {
    if (isDense(access, words, unit) != dense) {
      if (dense) {
        access.set(words, FIRST_DENSE + (unit >>> WORD_SHIFT), 1L << unit);
      } else {
        access.clear(words, FIRST_DENSE + (unit >>> WORD_SHIFT), 1L << unit);
      }
    }
  }

  /** Returns which units of a word of 64 are worth looking at. */
  static long worthwhile(Words access, long[] words, int word) {
    return access.word(words, FIRST_WORTHWHILE + word);
  }

  /**
   * Forgets units of a word of 64 and returns which of them were freed to; these are looked at
   * next.
   */
  static long take(Words access, long[] words, int word, long units) {
    long returned = access.word(words, FIRST + word) & units;
    if (returned != 0) {
      access.clear(words, FIRST + word, returned);
    }
    if ((access.word(words, FIRST_WORTHWHILE + word) & units) != 0) {
      access.clear(words, FIRST_WORTHWHILE + word, units);
    }
    return returned;
  }

  /** Returns whether nothing was freed that was not looked at. */
  static boolean isEmpty(Words access, long[] words) {
    long units = 0;
    for (int word = 0; word < WORDS; word++) {
      units |= access.word(words, FIRST + word);
    }
    return units == 0;
  }

  /** Sets after how many pages a unit is worth looking at: a power of two up to 512. */
  static void setPatience(Words access, long[] words, int pages) {
    long patience = access.word(words, PATIENCE);
    if (patience != pages - 1) {
      access.swap(words, PATIENCE, patience, pages - 1);
    }
  }

  private static boolean set(Words access, long[] words, int index, int unit) {
    if (((access.word(words, index) >>> unit) & 1) != 0) {
      return false;
    }
    access.set(words, index, 1L << unit);
    return true;
  }
}
