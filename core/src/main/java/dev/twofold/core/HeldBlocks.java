package dev.twofold.core;

import java.util.Arrays;

/**
 * Small blocks that were freed and that a {@link ConfinedEngine} holds back, for its next requests
 * of their order: a stack for each order below {@link Tiers#WORD_ORDER}, of {@link #DEPTH} blocks
 * at most. To hold a block is to set one bit of its word and to take it is to clear it; nothing is
 * merged, split, searched for, or noted among the units.
 *
 * <p>The first place of a block that is held looks like one of a run ({@link RunWord}): neither
 * free nor the start of an allocated block. So whoever works with the word leaves it alone, and a
 * second free is refused. Whoever is to see all that is free, or tell a run, must have the blocks
 * given back before.
 *
 * <p>A block is held only if its unit is dense, so that others drain, and known to be touched, so
 * that its memory is not taken for zero when it is handed out again. As long as the unit has a
 * block that is not free, it stays touched.
 */
final class HeldBlocks {

  /** Returned instead of a page number when there is none. */
  static final long NO_PAGE = Words.NONE;

  /** How many blocks of an order are held at most. */
  static final int DEPTH = 64;

  /** Stands above the blocks of an order; below them stands {@link #NO_PAGE}. */
  private static final long FULL = -2;

  /**
   * For each order where the top of its stack is, and then the stacks: absolute page numbers
   * between {@link #NO_PAGE} and {@link #FULL}. Larger orders share one that is always empty.
   */
  private final long[] cells = new long[Orders.COUNT + Tiers.WORD_ORDER * (DEPTH + 2) + 1];

  HeldBlocks() {
    int bottom = Orders.COUNT;
    for (int order = 0; order < Tiers.WORD_ORDER; order++) {
      cells[order] = bottom;
      cells[bottom] = NO_PAGE;
      cells[bottom + DEPTH + 1] = FULL;
      bottom += DEPTH + 2;
    }
    Arrays.fill(cells, Tiers.WORD_ORDER, Orders.COUNT, bottom);
    cells[bottom] = NO_PAGE;
  }

  /**
   * Holds an allocated block; returns whether it does, and nothing was done if not: no small block
   * starts there, or it is freed like any other.
   *
   * @param words the words of its tree
   * @param pageInTree its page counted from the first of its tree
   * @param page its absolute page number
   */
  boolean hold(long[] words, int pageInTree, long page) {
    if (!ReturnedUnits.isDenseAndTouched(words, pageInTree >>> Tiers.UNIT_ORDER)) {
      return false;
    }
    int index = Tiers.pageWord(pageInTree);
    int place = Tiers.pagePlace(pageInTree);
    long word = words[index];
    if (!BuddyWord.isHead(word, place)) {
      return false;
    }
    int order = BuddyWord.headOrder(word, place);
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

  /** Lets a block that was taken be an allocated one. */
  static void setAllocated(long[] words, int pageInTree) {
    int index = Tiers.pageWord(pageInTree);
    words[index] = BuddyWord.heldToggled(words[index], Tiers.pagePlace(pageInTree));
  }
}
