package dev.twofold.core;

/**
 * Policy: which free units of a tree a request gets that needs whole ones, or one to break up. For
 * whoever holds the tree's lock.
 *
 * <p>Whole units are taken from the smallest free block that serves, in some groups of units first
 * ({@link GroupHomes}), so that large ones last; among blocks of one size come first those that the
 * system stands behind. A unit to break up is rather one that the system stands behind, in whatever
 * block it lies; where memory was given back, whole units too, and blocks of 32 units and more are
 * broken up for that. So what was given back stays so, and a load that goes up and down settles on
 * the units that it has, however they are mixed up.
 */
final class UnitChoice {

  /** All groups of units, as bits. */
  static final int ALL_GROUPS = -1;

  private static final int NONE = Words.NONE;

  private UnitChoice() {}

  /**
   * Returns the word of units to take a block of an order from, or {@link Words#NONE}.
   *
   * @param groups the groups of units that it may be one of, as bits
   */
  static int wordForBlock(Words access, long[] words, UnitAges ages, int orderInWord, int groups) {
    int best = NONE;
    int fewest = Integer.MAX_VALUE;
    boolean committed = false;
    int broken = brokenGroups(access, words) & groups;
    for (; broken != 0 && !(fewest == 0 && committed); broken &= broken - 1) {
      int index = word(broken);
      long word = access.word(words, index);
      int found = BuddyWord.find(word, orderInWord);
      if (found != NONE && BuddyWord.splits(found) <= fewest) {
        boolean has =
            BuddyWord.findAmong(word, orderInWord, committed(access, words, ages, index)) != NONE;
        if (BuddyWord.splits(found) < fewest || (has && !committed)) {
          best = index;
          fewest = BuddyWord.splits(found);
          committed = has;
        }
      }
    }
    return best;
  }

  /**
   * Returns the word of units, of groups that are broken up, to take a block from that is committed
   * as a whole, however large the block is that it is split from; or {@link Words#NONE}.
   *
   * @param groups the groups of units that it may be one of, as bits
   */
  static int wordOfCommitted(Words access, long[] words, UnitAges ages, int order, int groups) {
    int best = NONE;
    int fewest = Integer.MAX_VALUE;
    int broken = brokenGroups(access, words) & groups;
    for (; broken != 0 && fewest > 0; broken &= broken - 1) {
      int index = word(broken);
      long word = access.word(words, index);
      int committed = committed(access, words, ages, index);
      int found = committed == 0 ? NONE : BuddyWord.findAnyAmong(word, order, committed);
      if (found != NONE && BuddyWord.splits(found) < fewest) {
        best = index;
        fewest = BuddyWord.splits(found);
      }
    }
    return best;
  }

  /**
   * Returns the groups that are whole and have a block that is committed as a whole, as bits.
   *
   * @param order the block's, within a word of units; of its {@link BuddyWord#MAX_ORDER} are groups
   */
  static int committedGroups(Words access, long[] words, UnitAges ages, int order) {
    int groups = 0;
    int rest = BuddyWord.placesInBlocks(access.word(words, Tiers.TOP_WORD), 0);
    for (; rest != 0; rest &= rest - 1) {
      int group = Integer.numberOfTrailingZeros(rest);
      int committed = ages.committed(WholeUnits.firstUnit(group), ALL_GROUPS);
      boolean has = BuddyWord.findAnyAmong(BuddyWord.FREE, order, committed) != NONE;
      groups |= has ? 1 << group : 0;
    }
    return groups;
  }

  /** Returns how many units of some groups, all of which are broken up, are free. */
  static int freeUnits(Words access, long[] words, int groups) {
    int free = 0;
    for (int rest = groups; rest != 0; rest &= rest - 1) {
      free += BuddyWord.freePlaces(access.word(words, word(rest)));
    }
    return free;
  }

  /** Returns the groups that are broken up, as bits. */
  static int brokenGroups(Words access, long[] words) {
    return BuddyWord.brokenPlaces(access.word(words, Tiers.TOP_WORD));
  }

  private static int word(int groups) {
    return Tiers.groupWord(Integer.numberOfTrailingZeros(groups));
  }

  /** Returns the free places of a word, of units or of the highest tier, with committed units. */
  static int committed(Words access, long[] words, UnitAges ages, int index) {
    return index == Tiers.TOP_WORD
        ? committedGroups(access, words, ages, 0)
        : ages.committed(firstUnit(index), BuddyWord.placesInBlocks(access.word(words, index), 0));
  }

  /** Returns the free places of such a word all of whose units are committed. */
  static int whollyCommitted(Words access, long[] words, UnitAges ages, int index) {
    return index == Tiers.TOP_WORD
        ? committedGroups(access, words, ages, BuddyWord.MAX_ORDER)
        : committed(access, words, ages, index);
  }

  /** Returns the places of a word, of units or of the highest tier, that read as zero. */
  static int zero(UnitAges ages, int index) {
    return ages.zeroBlocks(firstUnit(index), placeOrder(index));
  }

  private static int firstUnit(int index) {
    return Tiers.page(tier(index), index, 0) >>> Tiers.UNIT_ORDER;
  }

  /** Returns the order of a place in units. */
  private static int placeOrder(int index) {
    return Tiers.placeOrder(tier(index)) - Tiers.UNIT_ORDER;
  }

  private static int tier(int index) {
    return index == Tiers.TOP_WORD ? Tiers.TOP : Tiers.UPPER;
  }
}
