package dev.twofold.core;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Small blocks that a {@link ConfinedEngine} holds back, for its next requests of their order: a
 * stack for each order below {@link Tiers#UNIT_ORDER}. To hold a block that was freed is to set one
 * bit of its word, and to take it is to clear it; nothing is merged, split, searched for, or noted
 * among the units.
 *
 * <p>The first place of a block that is held looks like one of a run ({@link RunWord}): neither
 * free nor the start of an allocated block. So whoever works with the word leaves it alone, and a
 * second free is refused. Whoever is to see all that is free, or tell a run, must have the blocks
 * given back before.
 *
 * <p>A block that is freed is held only if its unit is dense, so that others drain, and known to be
 * touched, so that its memory is not taken for zero when it is handed out again. As long as the
 * unit has a block that is not free, it stays touched. Blocks that were free are held from the word
 * that serves requests of their order, which would be led to them next; what is held of a unit that
 * is not touched, nobody had.
 */
final class HeldBlocks {

  /** Returned instead of a page number when there is none. */
  static final long NO_PAGE = Words.NONE;

  /** How many blocks of an order are held at most, and how many pages they may have. */
  private static final int MAX_BLOCKS = 256;

  private static final int MAX_PAGES = 1 << 12;

  /** Stands above the blocks of an order; below them stands {@link #NO_PAGE}. */
  private static final long FULL = -2;

  /**
   * For each order where the top of its stack is, and then the stacks: absolute page numbers
   * between {@link #NO_PAGE} and {@link #FULL}. Larger orders share one that is always empty.
   */
  private final long[] cells;

  HeldBlocks() {
    int blocks = IntStream.range(0, Tiers.UNIT_ORDER).map(HeldBlocks::depth).sum();
    cells = new long[Orders.COUNT + blocks + 2 * Tiers.UNIT_ORDER + 1];
    int bottom = Orders.COUNT;
    for (int order = 0; order < Tiers.UNIT_ORDER; order++) {
      cells[order] = bottom;
      cells[bottom] = NO_PAGE;
      bottom += depth(order) + 1;
      cells[bottom] = FULL;
      bottom++;
    }
    Arrays.fill(cells, Tiers.UNIT_ORDER, Orders.COUNT, bottom);
    cells[bottom] = NO_PAGE;
  }

  /** Returns how many blocks of an order, which is below a unit's, are held at most. */
  static int depth(int order) {
    return Math.min(MAX_BLOCKS, MAX_PAGES >>> order);
  }

  /**
   * Holds an allocated block of less than a word of pages; returns whether it does, and nothing was
   * done if not: no such block starts there, or it is freed like any other.
   *
   * @param words the words of its tree
   * @param pageInTree its page counted from the first of its tree
   * @param page its absolute page number
   */
  boolean hold(long[] words, int pageInTree, long page) {
    return ReturnedUnits.isDenseAndTouched(words, pageInTree >>> Tiers.UNIT_ORDER)
        && hold(words, Tiers.pageWord(pageInTree), Tiers.pagePlace(pageInTree), 0, page);
  }

  /** Holds an allocated block of a word of pages or more, likewise. */
  boolean holdLarger(long[] words, int pageInTree, long page) {
    int unit = pageInTree >>> Tiers.UNIT_ORDER;
    return Orders.alignDown(pageInTree, Tiers.WORD_ORDER) == pageInTree
        && ReturnedUnits.isDenseAndTouched(words, unit)
        && hold(words, Tiers.unitWord(unit), largerPlace(pageInTree), Tiers.WORD_ORDER, page);
  }

  private boolean hold(long[] words, int index, int place, int placeOrder, long page) {
    long word = words[index];
    if (!BuddyWord.isHead(word, place)) {
      return false;
    }
    int order = placeOrder + BuddyWord.headOrder(word, place);
    int top = (int) cells[order] + 1;
    if (cells[top] == FULL) {
      return false;
    }
    cells[top] = page;
    cells[order] = top;
    words[index] = BuddyWord.heldToggled(word, place);
    return true;
  }

  /**
   * Holds all that a word of pages has left for requests of {@code order}, to be taken from the
   * lowest page on; no block of that order is held.
   *
   * @param words the words of its tree
   * @param index where the word is
   * @param order less than a word's
   * @param firstPage the absolute number of the word's first page
   * @return how many splits that took
   */
  int holdFree(long[] words, int index, int order, long firstPage) {
    long word = words[index];
    int starts = BuddyWord.freeBlocks(word, order);
    int count = Integer.bitCount(starts);
    int top = (int) cells[order] + count;
    cells[order] = top;
    for (int rest = starts; rest != 0; rest &= rest - 1) {
      cells[top] = firstPage + Integer.numberOfTrailingZeros(rest);
      top--;
    }
    long next = BuddyWord.heldAll(word, starts, order);
    words[index] = next;
    return BuddyWord.moreFreeBlocks(word, next) + count;
  }

  /**
   * Returns the absolute page number of the block of {@code order} that was held last, or {@link
   * #NO_PAGE}. The block is held by its word alone from now on, until that is {@linkplain
   * #setAllocated changed}.
   */
  long take(int order) {
    long top = cells[order];
    long page = cells[(int) top];
    if (page != NO_PAGE) {
      cells[order] = top - 1;
    }
    return page;
  }

  /** Lets a block of {@code order} that was taken be an allocated one. */
  static void setAllocated(long[] words, int pageInTree, int order) {
    if (order < Tiers.WORD_ORDER) {
      toggle(words, Tiers.pageWord(pageInTree), Tiers.pagePlace(pageInTree));
    } else {
      toggle(words, Tiers.unitWord(pageInTree >>> Tiers.UNIT_ORDER), largerPlace(pageInTree));
    }
  }

  private static void toggle(long[] words, int index, int place) {
    words[index] = BuddyWord.heldToggled(words[index], place);
  }

  private static int largerPlace(int pageInTree) {
    return Tiers.place(Tiers.UNITS, pageInTree);
  }
}
