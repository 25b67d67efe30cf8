package dev.twofold.core;

/**
 * The places of a unit's word that lead to words of pages: pure functions from a {@link BuddyWord}
 * to the next one.
 *
 * <p>Such a word has but 16 places, so it has room to say of each that is broken up whether it
 * <b>leads</b> to a word of pages: bit p + 16 of the low half. The swap that breaks the place up
 * sets it, before the word of pages is filled, and so tells such a place from a block of a run.
 */
final class UnitWord {

  /** What lies between a place and the bit that says that it leads to pages. */
  private static final int LEADS_SHIFT = BuddyWord.PLACES / 2;

  private UnitWord() {}

  /** Returns the word after the free place was broken up; it leads to a word of pages. */
  static long broken(long word, int place) {
    return brokenAll(word, 1 << place);
  }

  /** Returns the word after several places, given as bits, were broken up likewise. */
  static long brokenAll(long word, int places) {
    return BuddyWord.brokenAll(word, places) | ((long) places << LEADS_SHIFT);
  }

  /** Returns whether the place leads to a word of pages. */
  static boolean leads(long word, int place) {
    return ((leadingPlaces(word) >>> place) & 1) != 0;
  }

  /** Returns the places that lead to words of pages, as bits. */
  static int leadingPlaces(long word) {
    return (int) word >>> LEADS_SHIFT;
  }

  /** Returns the word after places, given as bits, lead nowhere any more. */
  static long notLeading(long word, long places) {
    return word & ~(places << LEADS_SHIFT);
  }
}
