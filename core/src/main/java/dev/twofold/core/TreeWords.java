package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The words of every tree that blocks can be allocated from: by the trees' numbers, as cursors name
 * them, and, in tables by themselves, by the trees' places in their region, as addresses do. All
 * that the fast paths have to know of a tree is in its words ({@link Tiers}), the number of its
 * first page and its own too.
 *
 * <p>The table by numbers grows and never shrinks. A thread may go on with the table or the words
 * that it has read when there are others: words of a tree that is not online any more are dead,
 * which means that every word of them is 0 and stays so ({@link Tree#moved}).
 */
final class TreeWords {

  /** No blocks, no units: what is found of a tree until its first allocation, or while offline. */
  static final long[] NOTHING = new long[Tiers.wordCount(Orders.MAX_ORDER)];

  private static final int PAGE_MASK = Orders.pages(Orders.MAX_ORDER) - 1;
  private static final long[][] NO_TREES = {};

  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[][].class);

  private volatile long[][] byNumber = NO_TREES;

  /** Makes a table for so many trees of a region, which have no words yet. */
  static long[][] table(int treeCount) {
    long[][] table = new long[treeCount][];
    Arrays.fill(table, NOTHING);
    return table;
  }

  /** Returns the words at a place of a table, to free to. */
  static long[] of(long[][] table, int place) {
    return (long[]) WORDS.getAcquire(table, place);
  }

  /** Lets everyone find words at a place of a table. */
  static void publish(long[][] table, int place, long[] words) {
    WORDS.setVolatile(table, place, words);
  }

  /**
   * Returns the words of the tree of that number, to allocate from. Benign race: a cursor of
   * another thread may be ahead of the table that this one has read.
   */
  long[] of(int number) {
    long[][] now = byNumber;
    return number < now.length ? of(now, number) : NOTHING;
  }

  /** Lets everyone find the words of the tree of that number. */
  synchronized void publish(int number, long[] words) {
    if (number >= byNumber.length) {
      long[][] grown = table(2 << Orders.largestOf(number | 1));
      System.arraycopy(byNumber, 0, grown, 0, byNumber.length);
      byNumber = grown;
    }
    publish(byNumber, number, words);
  }

  /** Returns the absolute number of the first page of the tree's span. */
  static long spanPage(long[] words) {
    return words[Tiers.SPAN_PAGE_WORD];
  }

  /** Returns the number of the tree, as cursors name it. */
  static int number(long[] words) {
    return (int) words[Tiers.NUMBER_WORD];
  }

  /** Returns which page of the tree the page is that has this absolute number. */
  static int pageInTree(long[] words, long page) {
    return (int) (page - spanPage(words)) & PAGE_MASK;
  }
}
