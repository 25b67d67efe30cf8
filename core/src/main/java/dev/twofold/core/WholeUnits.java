package dev.twofold.core;

/**
 * The units of a tree in groups of 32, each a word of units: which are wholly free, and how some
 * are kept from everybody for a while. For whoever holds the tree's lock.
 *
 * <p>A unit that is kept looks broken up, into a word that has nothing: no block of it is free to a
 * request, and none is allocated to a free, so that freeing twice is refused then as ever. That is
 * why a unit is not simply allocated to keep it.
 */
final class WholeUnits {

  /** The number of groups. */
  static final int GROUPS = 16;

  /** Units of a group. */
  static final int UNITS = BuddyWord.PLACES;

  private static final int ALL = -1;

  private final Words access;
  private final long[] words;

  WholeUnits(Words access, long[] words) {
    this.access = access;
    this.words = words;
  }

  /** Returns the first unit of a group. */
  static int firstUnit(int group) {
    return group * UNITS;
  }

  /**
   * Returns the units of a group that lie in free blocks of an order, as bits.
   *
   * @param order the least order, at least that of a unit
   */
  int free(int group, int order) {
    long top = access.word(words, Tiers.TOP_WORD);
    if (!BuddyWord.isBroken(top, group)) {
      int groups = BuddyWord.placesInBlocks(top, Math.max(0, order - Tiers.placeOrder(Tiers.TOP)));
      return ((groups >>> group) & 1) == 0 ? 0 : ALL;
    }
    return order < Tiers.placeOrder(Tiers.TOP)
        ? BuddyWord.placesInBlocks(
            access.word(words, Tiers.groupWord(group)), order - Tiers.placeOrder(Tiers.UPPER))
        : 0;
  }

  /** Keeps those of the units that are free from everybody, and returns them. */
  int keep(int group, int units) {
    int index = Tiers.groupWord(group);
    if (breakUp(Tiers.TOP_WORD, 1 << group) != 0) {
      access.set(words, index, BuddyWord.brokenAll(BuddyWord.FREE, units));
      return units;
    }
    return breakUp(index, units);
  }

  /** Makes units that were kept free again; larger blocks heal as ever. */
  void release(int group, int units) {
    access.clear(words, Tiers.groupWord(group), BuddyWord.brokenAll(0, units));
  }

  private int breakUp(int index, int places) {
    while (true) {
      long word = access.word(words, index);
      int free = BuddyWord.placesInBlocks(word, 0) & places;
      if (free == 0 || access.swap(words, index, word, BuddyWord.brokenAll(word, free))) {
        return free;
      }
    }
  }
}
