package dev.twofold.core;

/**
 * The units of a tree that were freed to since they were looked at last, as flags among the tree's
 * words: set by whoever frees, cleared by who holds the tree's lock.
 *
 * <p>Each unit has a word of flags beside its places ({@link Tiers}), so that a free finds all that
 * it has to know there. The first flag says that there is something; the second that it is worth
 * looking at: a free sets it with a chance that grows with the block's size, so that it is set
 * after about as many pages as the tree's patience says. A free that finds the flags set writes
 * nothing, so most do not. The third says that the unit is <b>dense</b>: it was mostly allocated
 * when it was looked at last, or slots draw on it and there is memory enough. Next comes the unit's
 * home ({@link UnitBins}), to whose threads the rest is left as long as they can. Whole units have
 * such a word too.
 *
 * <p>Whoever looks for units finds the first two flags in summaries, a bit for each unit. To keep
 * the two in step, the rest of a word of flags is a count that goes up whenever the first two are
 * cleared: to <b>note</b> a unit is to read its word, after the block was freed; to set its bit of
 * the summary; and then to set the flag, unless the count has changed, for then somebody looks at
 * the unit after the block was freed. To <b>take</b> it is to clear the bit, then the flags, and to
 * look at the unit at last. So while a flag is set, its bit is set too or somebody is about to look
 * at the unit; and a free that finds the flag set will be seen.
 *
 * <p>One more bit a unit, in words that are seldom written, says that it is untouched: see {@link
 * UnitAges}. It is cleared before a block is freed. A fourth flag says that this was done, so that
 * the next free finds that out where it looks anyway. It is cleared, and the count goes up, after
 * the bit was set; a free sets it after it cleared the bit, unless the count has changed. So while
 * a block of the unit is allocated, either the flag or the bit may be set, never both.
 */
final class ReturnedUnits {

  /** Stands for no home. */
  static final int NONE = -1;

  /** Stands for whole units. */
  static final int WHOLE_UNITS = -1;

  /** Words of a summary. */
  static final int WORDS = 9;

  /** The flag of a unit that was freed to since it was looked at last. */
  static final long RETURNED = 1;

  /** The flag of a unit that is known to be touched. */
  static final long TOUCHED = 8;

  private static final long WORTHWHILE = 2;
  private static final long DENSE = 4;

  private static final int HOME_SHIFT = 4;
  private static final int HOME_MASK = Slots.MAX_HOMES - 1;

  /** The first bit of the count. */
  private static final int COUNT_SHIFT = 8;

  /** 2^64 / the golden ratio: its multiples differ in the highest bits first. */
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  /** Leaves 9 bits, as many as a unit has pages. */
  private static final int CHANCE_SHIFT = Long.SIZE - Tiers.UNIT_ORDER;

  private ReturnedUnits() {}

  /** Returns the unit that a block of {@code order} at {@code page} is returned to. */
  static int of(int page, int order) {
    return order < Tiers.UNIT_ORDER ? page >>> Tiers.UNIT_ORDER : WHOLE_UNITS;
  }

  /**
   * Notes that a block of {@code unit} was freed; returns whether the unit is dense.
   *
   * @param runIndex learns that the tree has more, before any other free can find the flag set
   */
  static boolean add(Words access, long[] words, int unit, RunIndex runIndex) {
    long flags = flags(access, words, unit);
    if ((flags & RETURNED) == 0) {
      access.set(words, Tiers.RETURNED_WORD + wordOf(unit), bitOf(unit));
      runIndex.raise(TreeWords.number(words));
      setFlag(access, words, unit, flags, RETURNED);
    }
    return (flags & DENSE) != 0;
  }

  /** Returns the flags of a unit. */
  static long flags(Words access, long[] words, int unit) {
    return access.word(words, Tiers.flagsWord(unit));
  }

  /** Returns whether flags say all that is to be said of a unit that was freed to. */
  static boolean isTold(long flags) {
    return (flags & (RETURNED | WORTHWHILE)) == (RETURNED | WORTHWHILE);
  }

  /** Returns whether flags say of a unit that it is dense, and that it was freed to. */
  static boolean isReturnedAndDense(long flags) {
    return (flags & (RETURNED | DENSE)) == (RETURNED | DENSE);
  }

  /** Returns whether the unit is dense. */
  static boolean isDense(Words access, long[] words, int unit) {
    return (flags(access, words, unit) & DENSE) != 0;
  }

  /**
   * Decides whether a unit that was freed to is worth looking at.
   *
   * @param chance any number, to decide by
   * @return the unit's home if it is and was not before, or else {@link #NONE}
   */
  static int addWorthwhile(Words access, long[] words, int unit, int pages, long chance) {
    long flags = flags(access, words, unit);
    long draw = ((chance * GOLDEN) >>> CHANCE_SHIFT) & access.word(words, Tiers.PATIENCE_WORD);
    if ((flags & WORTHWHILE) != 0 || draw >= pages) {
      return NONE;
    }
    access.set(words, Tiers.WORTHWHILE_WORD + wordOf(unit), bitOf(unit));
    setFlag(access, words, unit, flags, WORTHWHILE);
    return (int) (flags >>> HOME_SHIFT) & HOME_MASK;
  }

  /** Says whether the unit is dense. */
  static void setDense(Words access, long[] words, int unit, boolean dense) {
    if (isDense(access, words, unit) != dense) {
      if (dense) {
        access.set(words, Tiers.flagsWord(unit), DENSE);
      } else {
        access.clear(words, Tiers.flagsWord(unit), DENSE);
      }
    }
  }

  /** Gives the unit a home. */
  static void setHome(Words access, long[] words, int unit, int home) {
    int index = Tiers.flagsWord(unit);
    long others = ~((long) HOME_MASK << HOME_SHIFT);
    long flags = access.word(words, index);
    while (((flags >>> HOME_SHIFT) & HOME_MASK) != home
        && !access.swap(words, index, flags, (flags & others) | ((long) home << HOME_SHIFT))) {
      flags = access.word(words, index);
    }
  }

  /** Says of all units that they are untouched. */
  static void setAllUntouched(Words access, long[] words) {
    for (int word = Tiers.UNTOUCHED_WORD; word < Tiers.UNTOUCHED_WORD + WORDS - 1; word++) {
      access.set(words, word, -1);
    }
  }

  /**
   * Says of the units of a tree whose words were moved what was said before: which are untouched.
   */
  static void copyUntouched(Words access, long[] from, long[] to) {
    for (int word = Tiers.UNTOUCHED_WORD; word < Tiers.UNTOUCHED_WORD + WORDS - 1; word++) {
      access.set(to, word, access.word(from, word));
    }
  }

  /**
   * Says that the unit is untouched; for the holder of the tree's lock. A free that is about to say
   * that it is touched, as it holds no block any more, finds that the count has changed.
   */
  static void setUntouched(Words access, long[] words, int unit) {
    access.set(words, untouchedWord(unit), 1L << unit);
    clearFlags(access, words, unit, TOUCHED);
  }

  /**
   * Returns whether the unit is known to be touched, to whoever holds a block of it: if it was
   * untouched since, that was said before the block was allocated, so a plain read finds it.
   */
  static boolean isTouched(long[] words, int unit) {
    return (words[Tiers.flagsWord(unit)] & TOUCHED) != 0;
  }

  /** Returns whether the unit is both, to the one thread that there is. */
  static boolean isDenseAndTouched(long[] words, int unit) {
    return (words[Tiers.flagsWord(unit)] & (DENSE | TOUCHED)) == (DENSE | TOUCHED);
  }

  /** Returns whether the unit is untouched, to the holder of the tree's lock. */
  static boolean isUntouched(Words access, long[] words, int unit) {
    return ((access.word(words, untouchedWord(unit)) >>> unit) & 1) != 0;
  }

  /** Returns which of 32 units, from a multiple of 32 on, are untouched, as bits. */
  static int untouched(Words access, long[] words, int firstUnit) {
    return (int) (access.word(words, untouchedWord(firstUnit)) >>> firstUnit);
  }

  /** Says of a unit that it is touched, so that {@link #isTouched} tells. */
  static void touch(Words access, long[] words, int unit) {
    long flags = flags(access, words, unit);
    touch(access, words, unit, 1);
    setFlag(access, words, unit, flags, TOUCHED);
  }

  /** Says of some units that they are touched. */
  static void touch(Words access, long[] words, int firstUnit, int count) {
    int end = firstUnit + count;
    for (int unit = firstUnit; unit < end; ) {
      int next = Math.min(end, (unit | (Long.SIZE - 1)) + 1);
      long units = (-1L >>> (Long.SIZE - (next - unit))) << unit;
      if ((access.word(words, untouchedWord(unit)) & units) != 0) {
        access.clear(words, untouchedWord(unit), units);
      }
      unit = next;
    }
  }

  /** Returns those of the units of a word of the summary that are worth looking at, as bits. */
  static long worthwhile(Words access, long[] words, int word) {
    return access.word(words, Tiers.WORTHWHILE_WORD + word);
  }

  /** Returns the bit of a unit in the word of the summary that is number {@link #wordOf}. */
  static long bitOf(int unit) {
    return 1L << (unit + 1);
  }

  static int wordOf(int unit) {
    return (unit + 1) >>> 6;
  }

  /**
   * Forgets those of some units of a word of the summary that are worth looking at, and returns
   * them as bits for {@link #firstUnit}. Each must be {@linkplain #take taken} and looked at next.
   */
  static long takeWorthwhile(Words access, long[] words, int word, long some) {
    long units = takeBits(access, words, Tiers.WORTHWHILE_WORD + word, some);
    takeBits(access, words, Tiers.RETURNED_WORD + word, units);
    return units;
  }

  /** Returns the units of a word of the summary that were freed to, as bits. */
  static long returned(Words access, long[] words, int word) {
    return access.word(words, Tiers.RETURNED_WORD + word);
  }

  /**
   * Forgets those of some units of a word of the summary that were freed to, and returns them
   * likewise.
   */
  static long takeAll(Words access, long[] words, int word, long some) {
    long units = takeBits(access, words, Tiers.RETURNED_WORD + word, some);
    return units | takeBits(access, words, Tiers.WORTHWHILE_WORD + word, some);
  }

  /** Forgets that the unit was freed to, just before it is looked at. */
  static void take(Words access, long[] words, int unit) {
    clearFlags(access, words, unit, RETURNED | WORTHWHILE);
  }

  /**
   * Lets a unit, whose bits were taken from the summaries, count as one that was freed to still,
   * but that is not worth looking at.
   */
  static void keep(Words access, long[] words, int unit) {
    clearFlags(access, words, unit, WORTHWHILE);
    access.set(words, Tiers.RETURNED_WORD + wordOf(unit), bitOf(unit));
  }

  /** Returns whether the unit was freed to since it was looked at last. */
  static boolean isReturned(Words access, long[] words, int unit) {
    return (flags(access, words, unit) & RETURNED) != 0;
  }

  /** Returns whether nothing was freed that was not looked at. */
  static boolean isEmpty(Words access, long[] words) {
    long units = 0;
    for (int word = 0; word < WORDS; word++) {
      units |= access.word(words, Tiers.RETURNED_WORD + word);
    }
    return units == 0;
  }

  /** Returns the first of the units that {@link #takeWorthwhile} or {@link #takeAll} returned. */
  static int firstUnit(int word, long units) {
    return word * Long.SIZE + Long.numberOfTrailingZeros(units) - 1;
  }

  /** Sets after how many pages a unit is worth looking at: a power of two up to 512. */
  static void setPatience(Words access, long[] words, int pages) {
    long patience = access.word(words, Tiers.PATIENCE_WORD);
    if (patience != pages - 1) {
      access.swap(words, Tiers.PATIENCE_WORD, patience, pages - 1);
    }
  }

  /** Sets a flag unless somebody looks at the unit since its flags were as seen. */
  private static void setFlag(Words access, long[] words, int unit, long seen, long flag) {
    int index = Tiers.flagsWord(unit);
    long flags = access.word(words, index);
    while ((flags & flag) == 0
        && flags >>> COUNT_SHIFT == seen >>> COUNT_SHIFT
        && !access.swap(words, index, flags, flags | flag)) {
      flags = access.word(words, index);
    }
  }

  /** Clears flags, and lets those who are about to set some know. */
  private static void clearFlags(Words access, long[] words, int unit, long some) {
    int index = Tiers.flagsWord(unit);
    long flags = access.word(words, index);
    while (!access.swap(words, index, flags, (flags & ~some) + (1L << COUNT_SHIFT))) {
      flags = access.word(words, index);
    }
  }

  private static long takeBits(Words access, long[] words, int index, long bits) {
    long taken = access.word(words, index) & bits;
    if (taken != 0) {
      access.clear(words, index, taken);
    }
    return taken;
  }

  private static int untouchedWord(int unit) {
    return Tiers.UNTOUCHED_WORD + (unit >>> 6);
  }
}
