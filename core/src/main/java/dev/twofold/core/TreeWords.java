package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The words of every tree, in one array by the trees' numbers: functions on that array. All that
 * the fast paths have to know of a tree is in its words ({@link Tiers}), the number of its first
 * page too.
 */
final class TreeWords {

  /** No blocks, no units: a tree's words until its first allocation and after the close. */
  private static final long[] NOTHING = new long[Tiers.wordCount(Orders.MAX_ORDER)];

  private static final int PAGE_MASK = Orders.pages(Orders.MAX_ORDER) - 1;

  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[][].class);

  private TreeWords() {}

  /** Makes room for the words of so many trees, which have none yet. */
  static long[][] create(int treeCount) {
    long[][] all = new long[treeCount][];
    Arrays.fill(all, NOTHING);
    return all;
  }

  /** Returns the words of {@code tree}, to allocate from and free to. */
  static long[] of(long[][] all, int tree) {
    return (long[]) WORDS.getAcquire(all, tree);
  }

  /** Lets everyone find the words of {@code tree}. */
  static void publish(long[][] all, int tree, long[] words) {
    WORDS.setVolatile(all, tree, words);
  }

  /** Lets nobody find the words of {@code tree} any more. */
  static void withdraw(long[][] all, int tree) {
    WORDS.setVolatile(all, tree, NOTHING);
  }

  /** Returns the absolute number of the first page of the tree's span. */
  static long spanPage(long[] words) {
    return words[Tiers.SPAN_PAGE_WORD];
  }

  /** Returns which page of the tree the page is that has this absolute number. */
  static int pageInTree(long[] words, long page) {
    return (int) (page - spanPage(words)) & PAGE_MASK;
  }
}
