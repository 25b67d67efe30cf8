package dev.twofold.core;

/**
 * Which blocks are allocated, told by a tree's words alone: functions on them, tier by tier. Pages
 * are counted from the first of the tree's span.
 */
final class BlockHeads {

  /** Returned instead of a page or an order when there is none. */
  static final int NONE = Words.NONE;

  private BlockHeads() {}

  /** Returns the order of the allocated block that starts at {@code page}, or {@link #NONE}. */
  static int orderAt(Words access, long[] words, int page) {
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      int placeOrder = Tiers.placeOrder(tier);
      if (Orders.alignDown(page, placeOrder) != page) {
        return NONE;
      }
      long word = access.word(words, Tiers.word(tier, page));
      int order = BuddyWord.allocatedOrder(word, Tiers.place(tier, page));
      if (order != NONE) {
        return order + placeOrder;
      }
    }
    return NONE;
  }

  /**
   * Frees the allocated block that starts at {@code page} if its order is one of {@code lowestTier}
   * or a higher one; returns its order, or {@link #NONE} if there is none.
   */
  static int free(Words access, long[] words, int page, int lowestTier) {
    for (int tier = lowestTier; tier < Tiers.COUNT; tier++) {
      int placeOrder = Tiers.placeOrder(tier);
      if (Orders.alignDown(page, placeOrder) != page) {
        return NONE;
      }
      int order = access.free(words, Tiers.word(tier, page), Tiers.place(tier, page));
      if (order != NONE) {
        return order + placeOrder;
      }
    }
    return NONE;
  }

  /** Says before the block that starts at {@code page} is freed that its units are touched. */
  static void touch(Words access, long[] words, int page) {
    int order = orderAt(access, words, page);
    if (order != NONE) {
      int units = Orders.pages(Math.max(0, order - Tiers.UNIT_ORDER));
      ReturnedUnits.touch(access, words, page >>> Tiers.UNIT_ORDER, units);
    }
  }

  /** Returns where the allocated block that holds {@code page} starts, or {@link #NONE}. */
  static int startAround(Words access, long[] words, int page) {
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      int index = Tiers.word(tier, page);
      long word = access.word(words, index);
      for (int place = Tiers.place(tier, page); place >= 0; place--) {
        int order = BuddyWord.allocatedOrder(word, place);
        int start = Tiers.page(tier, index, place);
        if (order != NONE && page - start < Orders.pages(order + Tiers.placeOrder(tier))) {
          return start;
        }
      }
    }
    return NONE;
  }
}
