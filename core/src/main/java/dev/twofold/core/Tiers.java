package dev.twofold.core;

/**
 * Where the words of a tree stand and which block each of their places is: pure arithmetic. No
 * state is held here.
 *
 * <p>Four tiers of words number the pages of a tree's span of up to 2^18 pages. A place of a word
 * that is broken up is the whole word below it:
 *
 * <pre>
 *   tier   words    places   a place is     orders
 *    3     1        16       2^14 pages     14 to 18
 *    2     16       32       2^9 pages       9 to 13      a place of it is a unit
 *    1     512      16       2^5 pages       5 to 8       its words are whole units
 *    0     8,192    32       a page          0 to 4
 * </pre>
 *
 * <p>So the upper two tiers are a tree of 512 units, and each unit that is broken up is, in the
 * lower two, the same tree of 512 pages. A unit is 2 MiB of pages of 4 KiB: a huge page of x86-64
 * and AArch64. The words lie in one array, in records of one shape, 0.5 bytes a page:
 *
 * <pre>
 *   words     0 to 63     of the whole tree: where it lies, and flags of units ({@link ReturnedUnits})
 *            64 + 32 g    group g of units:  a word of tier 2, and nothing
 *           576 + 32 u    unit u:            16 words of tier 0, one of tier 1, nothing, then flags
 *                                            at 24, and nothing
 * </pre>
 *
 * <p>Where the word of tier 1 stands in units, the record of the last group has the one of tier 3;
 * and flags where units have theirs.
 *
 * <p>What a thread writes for a block of a unit so lies in few cache lines, and those of threads
 * that are at work in different units or groups are different ones, also where a processor fetches
 * lines by two: that is what the words with nothing are for. They also keep flags, which each free
 * reads and few change, off the lines of the words, which each free changes, wherever the array
 * starts within a line; off the lines that are fetched with these there is no room for them.
 */
final class Tiers {

  /** The number of tiers. */
  static final int COUNT = 4;

  /** The order of a word of pages: smaller blocks are parts of one. */
  static final int WORD_ORDER = 5;

  /** The order of a unit. */
  static final int UNIT_ORDER = 9;

  /** Pages of a unit. */
  static final int UNIT_PAGES = 1 << UNIT_ORDER;

  /** The tier of pages. */
  static final int PAGES = 0;

  /** The tier whose words are units. */
  static final int UNITS = 1;

  /** The tier whose places are units. */
  static final int UPPER = 2;

  /** The tier of one word. */
  static final int TOP = 3;

  /** Words of the tier of pages in a unit. */
  static final int UNIT_WORDS = 16;

  /** The index of a word that is always empty: no block comes from there. */
  static final int NOWHERE = 1;

  /** The index of the word that holds the absolute number of the span's first page. */
  static final int SPAN_PAGE_WORD = 2;

  /** The index of the word that holds the tree's number. */
  static final int NUMBER_WORD = 3;

  /** The index of the word that says how long units wait that were freed to. */
  static final int PATIENCE_WORD = 4;

  /** The index of the first of 8 words with a bit for each unit. */
  static final int UNTOUCHED_WORD = 5;

  /**
   * The index of the first of 9 words with a bit for each record; other lines than those above,
   * which are seldom written.
   */
  static final int RETURNED_WORD = 24;

  /** The index of the first of 9 more such words. */
  static final int WORTHWHILE_WORD = 40;

  /** A record has 2^5 words. */
  private static final int RECORD_SHIFT = 5;

  private static final int UPPER_RECORD = 64;
  private static final int FIRST_UNIT_RECORD = UPPER_RECORD + (16 << RECORD_SHIFT);

  /** The place in a record of the word of the higher tier, and of the flags. */
  private static final int ROOT = 16;

  private static final int FLAGS = 24;

  /** Index of the first word of each tier. */
  private static final int[] FIRST_WORD = {
    FIRST_UNIT_RECORD,
    FIRST_UNIT_RECORD + ROOT,
    UPPER_RECORD,
    FIRST_UNIT_RECORD - (1 << RECORD_SHIFT) + ROOT
  };

  /** The order of a place of each tier's words, and of the whole span. */
  private static final int[] PLACE_ORDER = {0, 5, 9, 14, 18};

  /** The order of the pages of which each tier's words stand in one record. */
  private static final int[] RECORD_ORDER = {UNIT_ORDER, UNIT_ORDER, 14, 18};

  /** What lies between a tier's words of one record and those of the next. */
  private static final int[] GAP = {
    (1 << RECORD_SHIFT) - UNIT_WORDS, (1 << RECORD_SHIFT) - 1, (1 << RECORD_SHIFT) - 1, 0
  };

  /** The tier of each order. */
  private static final int[] TIER_OF_ORDER = {
    0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3
  };

  /** What {@link #orderInWord} says of each order. */
  private static final int[] ORDER_IN_WORD = {
    0, 1, 2, 3, 4, 0, 1, 2, 3, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4
  };

  /** The index of the word of the highest tier. */
  static final int TOP_WORD = word(TOP, 0);

  private Tiers() {}

  /** Returns the tier that blocks of {@code order} are allocated in. */
  static int of(int order) {
    return TIER_OF_ORDER[order];
  }

  /** Returns the order of a place of a tier's words. */
  static int placeOrder(int tier) {
    return PLACE_ORDER[tier];
  }

  /** Returns how many places the words of a tier have. */
  static int places(int tier) {
    return 1 << (PLACE_ORDER[tier + 1] - PLACE_ORDER[tier]);
  }

  /** Returns the order within a word of a block of {@code order}. */
  static int orderInWord(int order) {
    return ORDER_IN_WORD[order];
  }

  /** Returns a word of a tier whose places are all free. */
  static long wholeWord(int tier) {
    return (tier & 1) == 0 ? BuddyWord.FREE : BuddyWord.FREE_HALF;
  }

  /** Returns a word of a tier after a place was broken up. */
  static long broken(int tier, long word, int place) {
    return tier == UNITS ? UnitWord.broken(word, place) : BuddyWord.broken(word, place);
  }

  /** Returns how many words the tree of a span of 2^{@code height} pages needs. */
  static int wordCount(int height) {
    return FIRST_UNIT_RECORD + (unitCount(height) << RECORD_SHIFT);
  }

  /** Returns whether the word at {@code index} belongs to a tier. */
  static boolean isOfTier(int index) {
    return index >= UPPER_RECORD && (index & ((1 << RECORD_SHIFT) - 1)) <= ROOT;
  }

  /** Returns the index of the first word of the record behind the one whose first word that is. */
  static int nextRecord(int firstWord) {
    return firstWord + (1 << RECORD_SHIFT);
  }

  /** Returns the index of the flags of a unit; of whole units, which count as unit -1, too. */
  static int flagsWord(int unit) {
    return FIRST_UNIT_RECORD + (unit << RECORD_SHIFT) + FLAGS;
  }

  /** Returns the number of units, whole or not, in a span of 2^{@code height} pages. */
  static int unitCount(int height) {
    return Math.max(1, 1 << height >>> UNIT_ORDER);
  }

  /** Returns how many words a tier has in a span of 2^{@code height} pages. */
  static int wordCount(int tier, int height) {
    return Math.max(1, 1 << height >>> PLACE_ORDER[tier + 1]);
  }

  /** Returns the index of the word of {@code tier} that {@code page} lies in. */
  static int word(int tier, int page) {
    int record = page >>> RECORD_ORDER[tier];
    return FIRST_WORD[tier] + (page >>> PLACE_ORDER[tier + 1]) + record * GAP[tier];
  }

  /** Returns the index of the word of the lowest tier that {@code page} lies in. */
  static int pageWord(int page) {
    return FIRST_UNIT_RECORD + (page >>> 5) + (page >>> UNIT_ORDER << 4);
  }

  /** Returns the place of its word of the lowest tier that {@code page} is. */
  static int pagePlace(int page) {
    return page & 31;
  }

  /** Returns the place of its word of {@code tier} that {@code page} lies in. */
  static int place(int tier, int page) {
    return (page >>> PLACE_ORDER[tier]) & (places(tier) - 1);
  }

  /** Returns the first page of a place of the word at {@code index}, which is of {@code tier}. */
  static int page(int tier, int index, int place) {
    int word = index - FIRST_WORD[tier];
    int pageOfWord =
        tier >= UPPER
            ? word >>> RECORD_SHIFT << PLACE_ORDER[TOP]
            : (word >>> RECORD_SHIFT << UNIT_ORDER)
                + ((word & (UNIT_WORDS - 1)) << PLACE_ORDER[UNITS]);
    return pageOfWord + (place << PLACE_ORDER[tier]);
  }

  /** Returns the index of the word that a whole unit is a place of. */
  static int wholeUnitWord(int unit) {
    return groupWord(unit >>> 5);
  }

  /** Returns the index of the word of a group of 32 units. */
  static int groupWord(int group) {
    return UPPER_RECORD + (group << RECORD_SHIFT);
  }

  /** Returns the place of that word that a whole unit is. */
  static int wholeUnitPlace(int unit) {
    return unit & 31;
  }

  /** Returns the index of the word of a unit. */
  static int unitWord(int unit) {
    return unitWordBeside(firstPageWord(unit));
  }

  /** Returns the index of the word of the unit whose first word of pages that is. */
  static int unitWordBeside(int firstPageWord) {
    return firstPageWord + ROOT;
  }

  /** Returns the index of the first of the words of a unit's pages. */
  static int firstPageWord(int unit) {
    return FIRST_UNIT_RECORD + (unit << RECORD_SHIFT);
  }

  /**
   * Returns the index of the first word of the unit whose pages the word at {@code index} holds.
   */
  static int firstPageWordBeside(int index) {
    return index & -(1 << RECORD_SHIFT);
  }
}
