package dev.twofold.core;

/**
 * Where requests of an order go: a word of a tree, and how its places are pages. All that the fast
 * path has to know of the geometry is in one {@code long}:
 *
 * <pre>
 *   bits   0 to 14   index of the word in its tree
 *         15 to 32   the word's first page, counted from the first of the tree's span
 *         33 to 48   tree
 *         49 to 53   order of a place of the word
 *         54 to 56   order of the request within the word
 * </pre>
 */
final class Cursor {

  /** Leads nowhere: to a word that is always empty. */
  static final long NOWHERE = ((long) Orders.MAX_ORDER << 49) | Tiers.NOWHERE;

  /** Returned instead of a unit when the word is of whole units. */
  static final int NONE = -1;

  /** How many trees a cursor can tell apart. */
  static final int MAX_TREES = 1 << 16;

  private static final int INDEX_MASK = (1 << 15) - 1;
  private static final int PAGE_SHIFT = 15;
  private static final int PAGE_MASK = (1 << 18) - 1;
  private static final int UNIT_SHIFT = PAGE_SHIFT + Tiers.UNIT_ORDER;
  private static final int TREE_SHIFT = 33;
  private static final int TREE_MASK = MAX_TREES - 1;
  private static final int PLACE_ORDER_SHIFT = 49;
  private static final int PLACE_ORDER_MASK = (1 << 5) - 1;
  private static final int ORDER_SHIFT = 54;
  private static final int ORDER_MASK = (1 << 3) - 1;

  /** What says which tree a word is of, which unit, and that there is one. */
  private static final long UNIT_BITS = (1L << ORDER_SHIFT) - (1L << UNIT_SHIFT);

  private Cursor() {}

  /** Returns the cursor to the word of {@code tree} that a block of {@code order} came from. */
  static long of(int tree, int page, int order) {
    int tier = Tiers.of(order);
    long wordPage = Orders.alignDown(page, Tiers.placeOrder(tier + 1));
    return ((long) Tiers.orderInWord(order) << ORDER_SHIFT)
        | ((long) Tiers.placeOrder(tier) << PLACE_ORDER_SHIFT)
        | ((long) tree << TREE_SHIFT)
        | (wordPage << PAGE_SHIFT)
        | Tiers.word(tier, page);
  }

  /**
   * Returns where a cursor to a word of pages leads when it is moved to that of {@code page}, which
   * is of the same unit.
   */
  static long moved(long cursor, int page) {
    long wordPage = Orders.alignDown(page, Tiers.WORD_ORDER);
    return (cursor & -(1L << UNIT_SHIFT))
        | ((wordPage & (Tiers.UNIT_PAGES - 1)) << PAGE_SHIFT)
        | Tiers.pageWord(page);
  }

  static int tree(long cursor) {
    return (int) (cursor >>> TREE_SHIFT) & TREE_MASK;
  }

  static int index(long cursor) {
    return (int) cursor & INDEX_MASK;
  }

  static int orderInWord(long cursor) {
    return (int) (cursor >>> ORDER_SHIFT) & ORDER_MASK;
  }

  /** Returns the first page of a place of the word. */
  static int page(long cursor, int place) {
    int placeOrder = (int) (cursor >>> PLACE_ORDER_SHIFT) & PLACE_ORDER_MASK;
    return ((int) (cursor >>> PAGE_SHIFT) & PAGE_MASK) + (place << placeOrder);
  }

  /** Returns whether two cursors for one order, below a unit's, lead to the same unit. */
  static boolean isSameUnit(long cursor, long other) {
    return ((cursor ^ other) & UNIT_BITS) == 0;
  }

  /** Returns the unit that the word belongs to, or {@link #NONE}. */
  static int unit(long cursor) {
    int placeOrder = (int) (cursor >>> PLACE_ORDER_SHIFT) & PLACE_ORDER_MASK;
    return placeOrder < Tiers.UNIT_ORDER ? page(cursor, 0) >>> Tiers.UNIT_ORDER : NONE;
  }
}
