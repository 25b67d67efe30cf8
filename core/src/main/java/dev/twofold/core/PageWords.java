package dev.twofold.core;

/**
 * The words of pages of a unit: functions on a tree's words, for any thread, with the tree's lock
 * or without.
 *
 * <p>A new one comes into being in two steps: a place of the unit's word is broken up, and the word
 * of pages that it leads to, which is 0 until then, is filled, less a block. In between it is
 * <b>begun</b>: nobody finds a block there, free or allocated. Nothing but the second step ends
 * that, so who holds the lock may wait for it. Whoever asks what a unit has takes a word that is
 * begun for one that is all free: so a unit stands for more than it has for a moment, not for less,
 * and no request is refused for what is about to be free again.
 */
final class PageWords {

  /** Returned instead of a block when there is none. */
  static final int NONE = Words.NONE;

  private static final int PAGE_BITS = Orders.MAX_ORDER;
  private static final int WORD_ORDER = Tiers.WORD_ORDER;

  private PageWords() {}

  /**
   * Returns which words of the unit's pages can serve {@code order}, as bits, the first one's
   * lowest.
   */
  static int serving(Words access, long[] words, int unit, int order) {
    int first = Tiers.firstPageWord(unit);
    int serving = 0;
    for (int place = 0; place < Tiers.UNIT_WORDS; place++) {
      long word = access.word(words, first + place);
      if (word != 0 && BuddyWord.serves(word, order)) { // Most have nothing, of a unit just begun.
        serving |= 1 << place;
      }
    }
    return serving;
  }

  /**
   * Allocates a block from a new word of pages.
   *
   * @param first the first word of the unit's pages
   * @return its {@link #page} and the {@link #splits} down to it; or {@link #NONE} if the unit has
   *     no free place
   */
  static int allocateFromNew(Words access, long[] words, int first, int order) {
    int found = access.breakUp(words, Tiers.unitWordBeside(first));
    if (found == Words.NONE) {
      return NONE;
    }
    int index = first + BuddyWord.place(found);
    access.fill(words, index, BuddyWord.allocated(BuddyWord.FREE, 0, order));
    int splits = BuddyWord.splits(found) + WORD_ORDER - order;
    return Tiers.page(Tiers.PAGES, index, 0) | (splits << PAGE_BITS);
  }

  /** Returns the page that {@link #allocateFromNew} found, counted from the first of the span. */
  static int page(int found) {
    return found & (Orders.pages(PAGE_BITS) - 1);
  }

  /** Returns how many blocks were split for it. */
  static int splits(int found) {
    return found >>> PAGE_BITS;
  }

  /**
   * Returns what to take a word of pages for: one that is begun for one that is all free.
   *
   * @param word what it says, read after the unit's word
   * @param leading the lowest bit says whether the unit's word leads there
   */
  static long assumed(long word, int leading) {
    return isBegun(word, leading) ? BuddyWord.FREE : word;
  }

  /**
   * Takes away what a unit's word and its words of pages say, of which none is begun from then on.
   * For the holder of the lock.
   *
   * @param first the first word of pages; or of another record of that shape ({@link Tiers})
   * @param taken gets what they said: the words of pages first
   */
  static void take(Words access, long[] words, int first, long[] taken) {
    long unitWord = access.take(words, Tiers.unitWordBeside(first)); // Now none can be begun.
    int leading = UnitWord.leadingPlaces(unitWord);
    taken[Tiers.UNIT_WORDS] = unitWord;
    for (int place = 0; place < Tiers.UNIT_WORDS; place++) {
      while (isBegun(access.word(words, first + place), leading >>> place)) {
        Thread.onSpinWait();
      }
      taken[place] = access.take(words, first + place);
    }
  }

  private static boolean isBegun(long word, int leading) {
    return word == 0 && (leading & 1) != 0;
  }
}
