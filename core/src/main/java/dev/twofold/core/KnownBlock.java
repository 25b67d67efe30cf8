package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The part of a {@link Slot} that is about the block its thread <b>knows</b>: one that it freed
 * right after it had allocated it, as it will do so again; how often it did so before the block got
 * known, the slot decides. What the block's word said is known as well, so the thread takes the
 * block back and frees it again without waiting for the word to be read. All this is a hint: the
 * word says whether the block is free.
 *
 * <p>{@link #takeBack(int)} and {@link #putBack(long)} are called for each block and make no calls:
 * so the compiler has all of them where they are called, also if most blocks were others so far. Of
 * what was called seldom it makes a call.
 */
abstract class KnownBlock extends SlotPadding {

  /** Stands for no order. */
  static final int NONE = -1;

  /** Stands for no block: what no page number is. */
  static final long NO_PAGE = Words.NONE;

  /** Nothing was tried: the block is another one, or may not be had again. */
  static final int OTHER = 0;

  /** Nothing was done: its word does not say any more what it did, or its unit is untouched. */
  static final int MISSED = 1;

  /** The block was freed, and it is to be noted that its unit was freed to. */
  static final int UNTOLD = 2;

  /** All is done. */
  static final int DONE = 3;

  /** What no word ever says: its last place alone is free, and there is nothing before. */
  private static final long UNKNOWN = 1L << (BuddyWord.PLACES - 1);

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** The block that is known: its absolute page number, or NO_PAGE. */
  private long knownPage = NO_PAGE;

  /** The words of its tree, which are dead ones if it is gone. */
  private long[] words = TreeWords.NOTHING;

  /** Its word, its places there, and its order. */
  private int index;

  private long places;
  private int order;

  /**
   * What it is returned to, and where the flags of that are, and those of the unit it starts in.
   */
  private int returnsTo;

  private int returnFlagsIndex;
  private int unitFlagsIndex;

  /** What its word said before it was freed last, and after that; {@link #UNKNOWN} until then. */
  private long wordAllocated = UNKNOWN;

  private long wordFree = UNKNOWN;

  /** The order of the known block if it was freed and its slot may have it again, or NONE. */
  private int reusableOrder = NONE;

  /**
   * Knows a block from now on.
   *
   * @param page its absolute page number
   * @param newOrder its order
   * @param newWords the words of its tree
   * @param newIndex the index of its word
   * @param newPlaces its places in the word
   * @param pageInTree its page counted from the first of its tree
   */
  @SuppressWarnings("ReferenceEquality") // an array equals itself alone
  final void know(
      long page, int newOrder, long[] newWords, int newIndex, long newPlaces, int pageInTree) {
    knownPage = page;
    order = newOrder;
    if (words != newWords) { // A reference costs the collector's barrier, a look costs less.
      words = newWords;
    }
    index = newIndex;
    places = newPlaces;
    returnsTo = ReturnedUnits.of(pageInTree, newOrder);
    returnFlagsIndex = Tiers.flagsWord(returnsTo);
    unitFlagsIndex = Tiers.flagsWord(pageInTree >>> Tiers.UNIT_ORDER);
    wordAllocated = UNKNOWN;
    wordFree = UNKNOWN;
    reusableOrder = NONE;
  }

  /** Knows no block any more, and has none again. */
  final void forgetKnown() {
    knownPage = NO_PAGE;
    reusableOrder = NONE;
  }

  /** Returns whether the block at that absolute page number is known. */
  final boolean knows(long page) {
    return knownPage == page;
  }

  /**
   * Takes the known block back if it was freed, is of the order that is asked for, and its word
   * says what it did before. For any number of threads.
   *
   * @return {@link #DONE}, {@link #MISSED} or {@link #OTHER}
   */
  final int takeBack(int requestedOrder) {
    if (reusableOrder != requestedOrder) {
      return OTHER;
    }
    if (!(boolean) WORD.compareAndSet(words, index, wordFree, wordAllocated)) {
      return MISSED;
    }
    reusableOrder = NONE;
    return DONE;
  }

  /**
   * Frees the block at that absolute page number if it is known, its unit known to be touched, and
   * its word says what it did before; the next request of its order may have it again. For any
   * number of threads.
   *
   * @return {@link #DONE}, {@link #UNTOLD}, {@link #MISSED} or {@link #OTHER}
   */
  final int putBack(long page) {
    if (knownPage != page) {
      return OTHER;
    }
    if ((words[unitFlagsIndex] & ReturnedUnits.TOUCHED) == 0
        || !(boolean) WORD.compareAndSet(words, index, wordAllocated, wordFree)) {
      return MISSED;
    }
    reusableOrder = order;
    long flags = (long) WORD.getVolatile(words, returnFlagsIndex); // After the block was freed.
    return (flags & ReturnedUnits.RETURNED) != 0 ? DONE : UNTOLD;
  }

  /** Takes the known block back if it is free, whatever else its word says; returns whether. */
  final boolean claim(Words access) {
    return access.claim(words, index, places);
  }

  /**
   * Frees the known block, whatever else its word says, and guesses the word from now on; returns
   * whether. A swap that need not wait for the word to be read costs half as much.
   */
  final boolean release(Words access) {
    long word = access.release(words, index, places);
    if (word != 0) {
      wordAllocated = word;
      wordFree = BuddyWord.toggled(word, places);
    }
    return word != 0;
  }

  /** Returns whether the unit that the known block starts in is known to be touched. */
  final boolean isTouched() {
    return (words[unitFlagsIndex] & ReturnedUnits.TOUCHED) != 0;
  }

  /** Returns the words of the tree of the known block. */
  final long[] words() {
    return words;
  }

  /** Returns the unit that the known block is returned to, or {@link ReturnedUnits#WHOLE_UNITS}. */
  final int returnsTo() {
    return returnsTo;
  }

  /** Returns the absolute page number of the known block, or NO_PAGE. */
  final long knownPage() {
    return knownPage;
  }

  /** Returns the order of the known block. */
  final int order() {
    return order;
  }

  /** Returns the order of the known block if it was freed and may be had again, or NONE. */
  final int reusableOrder() {
    return reusableOrder;
  }

  /** Says whether the known block was freed and may be had again. */
  final void setReusable(boolean reusable) {
    reusableOrder = reusable ? order : NONE;
  }
}
