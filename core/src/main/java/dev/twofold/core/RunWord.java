package dev.twofold.core;

/**
 * Blocks of a run in a {@link BuddyWord}: pure functions from a word to the next one.
 *
 * <p>A run is any number of pages side by side. It is made of the fewest blocks that fill it, and
 * the first place of each of them looks broken up, but nothing is below:
 *
 * <pre>
 *   low  high
 *    1    1    with a word of the next tier: broken up
 *    1    1    else: first place of a block of a run
 * </pre>
 *
 * <p>That there is a word of the next tier is told by the unit's word ({@link UnitWord}), or, of
 * larger places, by that word, which is not empty then.
 *
 * <p>So a block of a run is neither free nor the start of an allocated block: those who allocate
 * and free within words without the lock leave it alone, and need not know of runs. A block that is
 * held back for one thread looks the same ({@link HeldBlocks}), but never while somebody looks at
 * runs. All places here are from {@code first} up to, but not including, {@code end}.
 */
final class RunWord {

  private RunWord() {}

  /** Returns whether all of the places are free. */
  static boolean areFree(long word, int first, int end) {
    long places = places(first, end);
    return (word & (places | (places << BuddyWord.PLACES))) == places;
  }

  /** Returns the word after the places became blocks of a run, whatever they were. */
  static long inRun(long word, int first, int end) {
    long places = places(first, end);
    long starts = starts(first, end);
    return (word & ~(places | (places << BuddyWord.PLACES)))
        | starts
        | (starts << BuddyWord.PLACES);
  }

  /** Returns the word after the places, which are of a run, were freed. */
  static long freed(long word, int first, int end) {
    long places = places(first, end);
    return (cut(word, first, end) & ~(places << BuddyWord.PLACES)) | places;
  }

  /** Returns the word after blocks of a run that reach across either border were cut there. */
  static long cut(long word, int first, int end) {
    return cut(cut(word, first), end);
  }

  /** Returns where the block starts that holds the place; or NONE if nothing starts up to it. */
  static int start(long word, int place) {
    return Orders.largestOf(starts(word) & (int) places(0, place + 1));
  }

  /** Returns the place behind the block that holds the place. */
  static int end(long word, int place) {
    int behind = starts(word) & (int) ~places(0, place + 1);
    return behind == 0 ? BuddyWord.PLACES : Integer.numberOfTrailingZeros(behind);
  }

  /** Returns how many blocks fill the places. */
  static int blocks(int first, int end) {
    return Long.bitCount(starts(first, end));
  }

  private static long cut(long word, int place) {
    if (place == BuddyWord.PLACES || ((starts(word) >>> place) & 1) != 0) {
      return word;
    }
    int end = end(word, place);
    return inRun(inRun(word, start(word, place), place), place, end);
  }

  /** Returns the places that are not inside of a block that starts further down. */
  private static int starts(long word) {
    return (int) (word | (word >>> BuddyWord.PLACES));
  }

  /** Returns where the blocks start that fill the places. */
  private static long starts(int first, int end) {
    long starts = 0;
    for (int place = first; place < end; ) {
      starts |= 1L << place;
      place += Orders.pages(Orders.largestAt(place, end - place));
    }
    return starts;
  }

  private static long places(int first, int end) {
    return (1L << end) - (1L << first);
  }
}
