package dev.twofold.core;

import java.util.function.LongPredicate;

/**
 * Many blocks at a time: those of one word are allocated or freed by one change of the word. What
 * does not lie in one word goes one by one.
 */
final class BlockBatches {

  private final Engine engine;
  private final TreeArray trees;
  private final Words access;
  private final int pageShift;
  private final LongPredicate isPageAddress;

  /**
   * Allocates and frees by an engine.
   *
   * @param isPageAddress whether a number is one that a page can have as its address
   */
  BlockBatches(Engine engine, TreeArray trees, int pageShift, LongPredicate isPageAddress) {
    this.engine = engine;
    this.trees = trees;
    access = engine.access();
    this.pageShift = pageShift;
    this.isPageAddress = isPageAddress;
  }

  /**
   * Allocates blocks and stores their addresses from {@code from} on; returns the index behind the
   * last, which is less than {@code to} only if there was no further block.
   */
  int allocate(int order, long[] addresses, int from, int to) {
    engine.letGo();
    int next = from;
    while (next < to) {
      next = allocateFromWord(order, addresses, next, to);
      if (next < to) {
        long page = engine.allocateAgain(engine.current(), order); // Holds nothing beside it.
        if (page == Engine.NO_PAGE) {
          return next;
        }
        addresses[next++] = page << pageShift;
      }
    }
    return to;
  }

  /**
   * Frees blocks; returns the index of the first that no block was found at in the words at its
   * address, or {@code to}.
   */
  int free(long[] addresses, int from, int to) {
    engine.letGo();
    int next = from;
    while (next < to) {
      int end = endInWord(addresses, next, to);
      if (end - next > 1 && freeInWord(addresses, next, end)) {
        next = end;
      } else if (freeOne(addresses[next])) {
        next++;
      } else {
        return next;
      }
    }
    return to;
  }

  /**
   * Takes all blocks of the word that served last; those of a word that has more than are asked for
   * go one by one, the smallest first.
   */
  private int allocateFromWord(int order, long[] addresses, int from, int to) {
    Slot slot = engine.current();
    long cursor = slot.cursor(order);
    int orderInWord = Cursor.orderInWord(cursor);
    long[] words = trees.allWords().of(Cursor.tree(cursor));
    int index = Cursor.index(cursor);
    long word = access.word(words, index);
    int blocks = BuddyWord.freeBlocks(word, orderInWord);
    long next = BuddyWord.allocatedAll(word, blocks, orderInWord);
    int count = Integer.bitCount(blocks);
    if (count == 0 || count > to - from || !access.swap(words, index, word, next)) {
      return from;
    }
    int end = from;
    for (int rest = blocks; rest != 0; rest &= rest - 1) {
      int page = Cursor.page(cursor, Integer.numberOfTrailingZeros(rest));
      addresses[end++] = (TreeWords.spanPage(words) + page) << pageShift;
    }
    slot.count(count, BuddyWord.moreFreeBlocks(word, next) + count);
    return end;
  }

  /** Returns the index behind the addresses that lie in the same word of pages, each once. */
  private int endInWord(long[] addresses, int from, int to) {
    int shift = pageShift + Tiers.placeOrder(Tiers.UNITS);
    long pages = 0;
    int next = from;
    while (next < to && addresses[next] >>> shift == addresses[from] >>> shift) {
      long page = 1L << (addresses[next] >>> pageShift & (BuddyWord.PLACES - 1));
      if (!isPageAddress.test(addresses[next]) || (pages & page) != 0) {
        return next;
      }
      pages |= page;
      next++;
    }
    return next;
  }

  private boolean freeInWord(long[] addresses, int from, int end) {
    AddressMap map = engine.map();
    long[] words = map.wordsOf(addresses[from] >>> pageShift);
    int page = TreeWords.pageInTree(words, addresses[from] >>> pageShift);
    int index = Tiers.pageWord(page);
    long before;
    long after;
    int unit = page >>> Tiers.UNIT_ORDER;
    do {
      before = access.word(words, index);
      after = before;
      for (int next = from; next < end; next++) {
        int place = Tiers.pagePlace(TreeWords.pageInTree(words, addresses[next] >>> pageShift));
        if (BuddyWord.allocatedOrder(before, place) == BuddyWord.NONE
            || !isSame(words, map.wordsOf(addresses[next] >>> pageShift))) {
          return false;
        }
        after = BuddyWord.freed(after, place);
      }
      ReturnedUnits.touch(access, words, unit, 1);
    } while (!access.swap(words, index, before, after));
    int pages = BuddyWord.freePlaces(after) - BuddyWord.freePlaces(before);
    ReturnedUnits.add(access, words, unit, trees.runIndex());
    trees.want(
        TreeWords.number(words), ReturnedUnits.addWorthwhile(access, words, unit, pages, page));
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // the words of a tree are one array
  private static boolean isSame(long[] words, long[] others) {
    return words == others;
  }

  private boolean freeOne(long address) {
    return isPageAddress.test(address) && engine.free(address >>> pageShift);
  }
}
