package dev.twofold.core;

/**
 * The units of a tree that were freed to since they were looked at last, as flags among the tree's
 * words: set by whoever frees, cleared by who holds the tree's lock.
 *
 * <p>Each unit has four flags side by side, so that a free finds all that it has to know in one
 * word. The first says that there is something, the second that it is worth looking at: a free sets
 * it with a chance that grows with the block's size, so that it is set after about as many pages as
 * the tree's patience says. A free that finds the flags set writes nothing, so most do not. The
 * third says that the unit was mostly allocated when it was looked at last. The fourth says that
 * the unit is untouched: see {@link UnitAges}. One more unit stands for the blocks that are whole
 * units.
 *
 * <p>The first two flags are looked at after the block was freed, and cleared before the unit is:
 * so a free that finds them set will be seen. The fourth is cleared before the block is freed.
 */
final class ReturnedUnits {

  /** Stands for whole units. */
  static final int WHOLE_UNITS = 512;

  /** Units of a word. */
  static final int UNITS = 16;

  private static final int UNITS_SHIFT = 4;
  private static final int FLAGS_SHIFT = 2;

  /** Words of flags. */
  static final int WORDS = (WHOLE_UNITS >>> UNITS_SHIFT) + 1;

  private static final int FIRST = Tiers.FIRST_SPARE_WORD;
  private static final int PATIENCE = FIRST + WORDS;

  private static final long RETURNED = 1;
  private static final long WORTHWHILE = 2;
  private static final long DENSE = 4;
  private static final long UNTOUCHED = 8;
  private static final long ALL_UNTOUCHED = 0x8888_8888_8888_8888L;

  /** The first flag of every unit of a word. */
  private static final long ALL_RETURNED = 0x1111_1111_1111_1111L;

  /** 2^64 / the golden ratio: its multiples differ in the highest bits first. */
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  /** Leaves 9 bits, as many as a unit has pages. */
  private static final int CHANCE_SHIFT = Long.SIZE - Tiers.UNIT_ORDER;

  private ReturnedUnits() {}

  /** Returns the unit that a block of {@code order} at {@code page} is returned to. */
  static int of(int page, int order) {
    return order < Tiers.UNIT_ORDER ? page >>> Tiers.UNIT_ORDER : WHOLE_UNITS;
  }

  /** Notes that a block of {@code unit} was freed; returns whether the unit is dense. */
  static boolean add(Words access, long[] words, int unit) {
    long flags = flags(access, words, unit);
    if ((flags & RETURNED) == 0) {
      access.set(words, word(unit), RETURNED << shift(unit));
    }
    return (flags & DENSE) != 0;
  }

  /** Returns whether the unit was mostly allocated when it was looked at last. */
  static boolean isDense(Words access, long[] words, int unit) {
    return (flags(access, words, unit) & DENSE) != 0;
  }

  /**
   * Decides whether a unit that was freed to is worth looking at.
   *
   * @param chance any number, to decide by
   * @return whether it is and was not before
   */
  static boolean addWorthwhile(Words access, long[] words, int unit, int pages, long chance) {
    if ((flags(access, words, unit) & WORTHWHILE) != 0
        || (((chance * GOLDEN) >>> CHANCE_SHIFT) & access.word(words, PATIENCE)) >= pages) {
      return false;
    }
    access.set(words, word(unit), WORTHWHILE << shift(unit));
    return true;
  }

  /** Says whether the unit is mostly allocated. */
  static void setDense(Words access, long[] words, int unit, boolean dense) {
    if (isDense(access, words, unit) != dense) {
      if (dense) {
        access.set(words, word(unit), DENSE << shift(unit));
      } else {
        access.clear(words, word(unit), DENSE << shift(unit));
      }
    }
  }

  /** Says of all units that they are untouched. */
  static void setAllUntouched(Words access, long[] words) {
    for (int word = word(0); word < word(WHOLE_UNITS); word++) {
      access.set(words, word, ALL_UNTOUCHED);
    }
  }

  /**
   * Says of the units of a tree whose words were moved what was said before: which are untouched.
   */
  static void copyUntouched(Words access, long[] from, long[] to) {
    for (int word = FIRST; word < FIRST + WORDS; word++) {
      access.set(to, word, access.word(from, word) & ALL_UNTOUCHED);
    }
  }

  /** Says that the unit is untouched. */
  static void setUntouched(Words access, long[] words, int unit) {
    access.set(words, word(unit), UNTOUCHED << shift(unit));
  }

  /**
   * Returns whether the unit is untouched, to whoever holds a block of it: the flag was set before
   * that block was allocated, if at all, so a plain read finds it.
   */
  static boolean isUntouched(long[] words, int unit) {
    return ((words[word(unit)] >>> shift(unit)) & UNTOUCHED) != 0;
  }

  /** Returns whether the unit is untouched, to the holder of the tree's lock. */
  static boolean isUntouched(Words access, long[] words, int unit) {
    return (flags(access, words, unit) & UNTOUCHED) != 0;
  }

  /** Says of some units that they are touched. */
  static void touch(Words access, long[] words, int firstUnit, int count) {
    int end = firstUnit + count;
    for (int unit = firstUnit; unit < end; ) {
      int next = Math.min(end, (unit | (UNITS - 1)) + 1);
      long units = (-1L >>> ((UNITS - (next - unit)) << FLAGS_SHIFT)) << shift(unit);
      long untouched = access.word(words, word(unit)) & units & ALL_UNTOUCHED;
      if (untouched != 0) {
        access.clear(words, word(unit), untouched);
      }
      unit = next;
    }
  }

  /** Returns whether some unit of a word is worth looking at. */
  static boolean isWorthwhile(Words access, long[] words, int word) {
    return (access.word(words, FIRST + word) & (ALL_RETURNED * WORTHWHILE)) != 0;
  }

  /**
   * Forgets the units of a word that are worth looking at, and returns which of them were freed to:
   * the bit at 4u for unit u of the word. These are looked at next.
   */
  static long takeWorthwhile(Words access, long[] words, int word) {
    return take(access, words, word, (access.word(words, FIRST + word) >>> 1) & ALL_RETURNED);
  }

  /** Forgets the units of a word, and returns which of them were freed to, likewise. */
  static long takeAll(Words access, long[] words, int word) {
    return take(access, words, word, ALL_RETURNED);
  }

  /** Returns whether nothing was freed that was not looked at. */
  static boolean isEmpty(Words access, long[] words) {
    long units = 0;
    for (int word = FIRST; word < FIRST + WORDS; word++) {
      units |= access.word(words, word);
    }
    return (units & ALL_RETURNED) == 0;
  }

  /** Returns the first of the units that {@link #takeWorthwhile} or {@link #takeAll} returned. */
  static int firstUnit(int word, long units) {
    return word * UNITS + (Long.numberOfTrailingZeros(units) >>> FLAGS_SHIFT);
  }

  /** Sets after how many pages a unit is worth looking at: a power of two up to 512. */
  static void setPatience(Words access, long[] words, int pages) {
    long patience = access.word(words, PATIENCE);
    if (patience != pages - 1) {
      access.swap(words, PATIENCE, patience, pages - 1);
    }
  }

  private static long take(Words access, long[] words, int word, long units) {
    long taken = access.word(words, FIRST + word) & (units * (RETURNED | WORTHWHILE));
    if (taken != 0) {
      access.clear(words, FIRST + word, taken);
    }
    return taken & ALL_RETURNED;
  }

  private static long flags(Words access, long[] words, int unit) {
    return access.word(words, word(unit)) >>> shift(unit);
  }

  private static int word(int unit) {
    return FIRST + (unit >>> UNITS_SHIFT);
  }

  /** Shifts of a long count modulo 64, so the unit's place in its word is all that counts. */
  private static int shift(int unit) {
    return unit << FLAGS_SHIFT;
  }
}
