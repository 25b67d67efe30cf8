package dev.twofold.core;

/**
 * Where a slot's hints stand in their array: for each order a cursor, the unit that it draws on,
 * the unit's words that serve, and a stack of blocks that were freed, all between ends that keep
 * other objects' lines apart. Pure arithmetic; no state is held here.
 */
final class SlotHints {

  /**
   * How many freed blocks of each order are remembered: more of the small ones, of which more are
   * freed in a row; none of those that are whole units.
   */
  private static final int[] DEPTHS = {
    256, 256, 128, 128, 64, 64, 32, 32, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** How many pages of each order are remembered at most while memory is scarce. */
  private static final int SCARCE_PAGES = 256;

  private static final int END = 16;

  /** What there is for each order stands together, so one number leads to all of it. */
  private static final int EACH = 4;

  private static final int[] BOTTOMS = new int[Orders.COUNT];

  /** The length of the array. */
  static final int LENGTH;

  static {
    int bottom = END + EACH * Orders.COUNT;
    for (int order = 0; order < Orders.COUNT; order++) {
      BOTTOMS[order] = bottom;
      bottom += DEPTHS[order] + 2;
    }
    LENGTH = bottom + END;
  }

  private SlotHints() {}

  /** Returns where the cursor of an order stands. */
  static int cursor(int order) {
    return END + EACH * order;
  }

  /** Returns where the unit stands that requests of an order draw on. */
  static int unit(int order) {
    return cursor(order) + 1;
  }

  /** Returns where the words of that unit stand that serve. */
  static int serving(int order) {
    return cursor(order) + 2;
  }

  /** Returns where it stands what is the top of the stack of an order. */
  static int top(int order) {
    return cursor(order) + 3;
  }

  /** Returns what lies below the stack of an order. */
  static int bottom(int order) {
    return BOTTOMS[order];
  }

  /** Returns what lies above the stack of an order when it is full. */
  static int full(int order) {
    return BOTTOMS[order] + DEPTHS[order] + 1;
  }

  /** Returns what lies above it when it has as many blocks as while memory is scarce. */
  static int scarceFull(int order) {
    return BOTTOMS[order] + Math.min(DEPTHS[order], SCARCE_PAGES >> order) + 1;
  }
}
