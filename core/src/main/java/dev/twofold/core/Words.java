package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Changes words of trees, each at one stroke. But for the {@link KnownBlock}, of which the next
 * word is known, this is the one place where an allocation or a free takes effect: {@link
 * BuddyWord} says what the next word is, here it is swapped in. Of frees of one block that race,
 * one finds the block allocated and wins; a swap that another thread spoiled is tried again on what
 * that thread left, so some thread always gets on.
 *
 * <p>An allocator that is confined to a thread uses the same functions with plain stores.
 */
abstract class Words {

  /** Returned instead of a place or an order when there is none. */
  static final int NONE = BuddyWord.NONE;

  /** The places of a word of a unit, and of the highest tier. */
  private static final int HALF = (1 << Tiers.UNIT_WORDS) - 1;

  /** For any number of threads. */
  static final Words SHARED = new Shared();

  /** For one thread. */
  static final Words CONFINED = new Confined();

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  Words() {}

  /** Replaces a word if it is still {@code expected}; returns whether it did. */
  abstract boolean swap(long[] words, int index, long expected, long replacement);

  /** Reads a word as another thread may have written it. */
  abstract long word(long[] words, int index);

  /** Writes a word that is 0, which nobody else does: the caller has broken up what leads there. */
  void fill(long[] words, int index, long word) {
    WORD.setRelease(words, index, word);
  }

  /**
   * Allocates a block from the word at {@code index}.
   *
   * @param order the order within the word
   * @return what {@link BuddyWord#find} found, or {@link #NONE}
   */
  final int allocate(long[] words, int index, int order) {
    while (true) {
      long word = word(words, index);
      int found = BuddyWord.find(word, order);
      if (found == NONE
          || swap(words, index, word, BuddyWord.allocated(word, BuddyWord.place(found), order))) {
        return found;
      }
    }
  }

  /**
   * Allocates a block of which all places are among some, given as bits.
   *
   * @param order the order within the word
   * @return what {@link BuddyWord#findAmong} found, or {@link #NONE}
   */
  final int allocateAmong(long[] words, int index, int order, int places) {
    while (true) {
      long word = word(words, index);
      int found = BuddyWord.findAmong(word, order, places);
      if (found == NONE
          || swap(words, index, word, BuddyWord.allocated(word, BuddyWord.place(found), order))) {
        return found;
      }
    }
  }

  /** Does the same, however large the block is that it is split from. */
  final int allocateAnyAmong(long[] words, int index, int order, int places) {
    while (true) {
      long word = word(words, index);
      int found = BuddyWord.findAnyAmong(word, order, places);
      if (found == NONE
          || swap(words, index, word, BuddyWord.allocated(word, BuddyWord.place(found), order))) {
        return found;
      }
    }
  }

  /**
   * Allocates the block of these places of the word at {@code index}; returns whether it was free.
   */
  final boolean claim(long[] words, int index, long places) {
    while (true) {
      long word = word(words, index);
      if (!BuddyWord.isFree(word, places)) {
        return false;
      }
      if (swap(words, index, word, BuddyWord.toggled(word, places))) {
        return true;
      }
    }
  }

  /**
   * Frees the block of these places of the word at {@code index}; returns what the word said
   * before, or 0 if there is no such block.
   */
  final long release(long[] words, int index, long places) {
    while (true) {
      long word = word(words, index);
      if (!BuddyWord.isAllocated(word, places)) {
        return 0;
      }
      if (swap(words, index, word, BuddyWord.toggled(word, places))) {
        return word;
      }
    }
  }

  /**
   * Frees the allocated block that starts at {@code place} of the word at {@code index}; returns
   * its order within the word, or {@link #NONE} if there is none.
   */
  final int free(long[] words, int index, int place) {
    while (true) {
      long word = word(words, index);
      if (!BuddyWord.isHead(word, place)) {
        return NONE;
      }
      long length = BuddyWord.headLength(word, place);
      if (swap(words, index, word, BuddyWord.freed(word, place, length))) {
        return BuddyWord.orderOf(length);
      }
    }
  }

  /** Takes all that a word says away: leaves 0, and returns what it was. */
  final long take(long[] words, int index) {
    long word = word(words, index);
    while (!swap(words, index, word, 0)) {
      word = word(words, index);
    }
    return word;
  }

  /**
   * Breaks up a free place of a unit's word, which leads to a word of pages from then on; returns
   * what {@link BuddyWord#find} found, or {@link #NONE}.
   */
  final int breakUp(long[] words, int index) {
    while (true) {
      long word = word(words, index);
      int found = BuddyWord.find(word, 0);
      if (found == NONE
          || swap(words, index, word, UnitWord.broken(word, BuddyWord.place(found)))) {
        return found;
      }
    }
  }

  /**
   * Breaks up a free place, one of those that are given as bits if there is any; returns what was
   * found, or {@link #NONE}.
   */
  final int breakUp(long[] words, int index, int preferred) {
    while (true) {
      long word = word(words, index);
      int among = BuddyWord.findAnyAmong(word, 0, preferred);
      int found = among == NONE ? BuddyWord.find(word, 0) : among;
      if (found == NONE
          || swap(words, index, word, BuddyWord.broken(word, BuddyWord.place(found)))) {
        return found;
      }
    }
  }

  /** Makes places that were broken up, given as bits, free ones. */
  final void heal(long[] words, int index, int places) {
    clear(words, index, BuddyWord.brokenAll(0, places));
  }

  /** Does the same to a word of 16 places, none of which leads anywhere then. */
  final void healHalf(long[] words, int index, int places) {
    clear(words, index, UnitWord.brokenAll(0, places));
  }

  /**
   * Heals the places of a word of 16 that lead to words of 32 places which are all free; returns
   * whether there were any. The word that each place leads to stands as far behind that of the one
   * before as the second is behind the first.
   */
  final boolean healWords(long[] words, int index, int firstChild, int secondChild) {
    int healed = 0;
    int broken = BuddyWord.brokenPlaces(word(words, index)) & HALF;
    for (; broken != 0; broken &= broken - 1) {
      int child = firstChild + Integer.numberOfTrailingZeros(broken) * (secondChild - firstChild);
      if (word(words, child) == BuddyWord.FREE && swap(words, child, BuddyWord.FREE, 0)) {
        healed |= Integer.lowestOneBit(broken);
      }
    }
    if (healed != 0) {
      healHalf(words, index, healed);
    }
    return healed != 0;
  }

  /** Sets bits of a word. */
  final void set(long[] words, int index, long bits) {
    long word = word(words, index);
    while (!swap(words, index, word, word | bits)) {
      word = word(words, index);
    }
  }

  /** Clears bits of a word. */
  final void clear(long[] words, int index, long bits) {
    long word = word(words, index);
    while (!swap(words, index, word, word & ~bits)) {
      word = word(words, index);
    }
  }

  private static final class Shared extends Words {

    @Override
    boolean swap(long[] words, int index, long expected, long replacement) {
      return WORD.compareAndSet(words, index, expected, replacement);
    }

    @Override
    long word(long[] words, int index) {
      return (long) WORD.getVolatile(words, index);
    }
  }

  private static final class Confined extends Words {

    @Override
    boolean swap(long[] words, int index, long expected, long replacement) {
      words[index] = replacement; // Whoever expects a word has just read it.
      return true;
    }

    @Override
    long word(long[] words, int index) {
      return words[index];
    }
  }
}
