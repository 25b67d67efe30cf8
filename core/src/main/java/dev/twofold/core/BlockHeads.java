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
   * Frees the allocated block of a tier's orders that starts at {@code page}; returns its order, or
   * {@link #NONE} if there is none.
   */
  static int free(Words access, long[] words, int page, int tier) {
    if (Orders.alignDown(page, Tiers.placeOrder(tier)) != page) {
      return NONE;
    }
    int order = access.free(words, Tiers.word(tier, page), Tiers.place(tier, page));
    return order == NONE ? NONE : order + Tiers.placeOrder(tier);
  }

  /**
   * Frees the allocated block that starts at {@code page}, where a unit starts, if its order is
   * none of the lowest tier's; returns its order, or {@link #NONE} if there is none. Its first unit
   * is touched; the others are from then on.
   */
  static int freeUnits(Words access, long[] words, int page) {
    int unit = page >>> Tiers.UNIT_ORDER;
    int index = Tiers.wholeUnitWord(unit);
    int place = Tiers.wholeUnitPlace(unit);
    long word = access.word(words, index);
    boolean one = BuddyWord.allocatedLength(word, place) == 1;
    return one && access.swap(words, index, word, BuddyWord.freed(word, place, 1))
        ? Tiers.UNIT_ORDER
        : freeSome(access, words, page);
  }

  private static int freeSome(Words access, long[] words, int page) {
    touch(access, words, page);
    int order = free(access, words, page, Tiers.UPPER);
    if (order == NONE) {
      order = free(access, words, page, Tiers.UNITS);
    }
    return order == NONE ? free(access, words, page, Tiers.TOP) : order;
  }

  /** Says before the block that starts at {@code page} is freed that its units are touched. */
  static void touch(Words access, long[] words, int page) {
    int order = orderAt(access, words, page);
    int unit = page >>> Tiers.UNIT_ORDER;
    if (order > Tiers.UNIT_ORDER) {
      ReturnedUnits.touch(access, words, unit, Orders.pages(order - Tiers.UNIT_ORDER));
    } else if (order != NONE) {
      ReturnedUnits.touch(access, words, unit);
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

  /** Returns the order of the block of a run that starts at the page, or {@link #NONE}. */
  static int runOrder(Words access, long[] words, int page) {
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      long word = access.word(words, Tiers.word(tier, page));
      int place = Tiers.place(tier, page);
      if (Orders.alignDown(page, Tiers.placeOrder(tier)) == page
          && BuddyWord.isBroken(word, place)
          && leadsNowhere(access, words, tier, page)) {
        int length = RunWord.end(word, place) - place;
        return Tiers.placeOrder(tier) + Integer.numberOfTrailingZeros(length);
      }
    }
    return NONE;
  }

  /** Returns the first page of the block of a run that holds the page, or {@link #NONE}. */
  static int runPageAround(Words access, long[] words, int page) {
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      int index = Tiers.word(tier, page);
      long word = access.word(words, index);
      int place = RunWord.start(word, Tiers.place(tier, page));
      if (place != NONE) {
        int start = Tiers.page(tier, index, place);
        return runOrder(access, words, start) == NONE ? NONE : start;
      }
    }
    return NONE;
  }

  /**
   * Returns where blocks of runs start in a word: places that look broken up, with no word. For who
   * holds the tree's locks, as units that are kept from everybody look the same.
   *
   * @param word what the word at {@code index} says
   */
  static int runPlaces(Words access, long[] words, int tier, int index, long word) {
    int runs = BuddyWord.brokenPlaces(word) & (int) ((1L << Tiers.places(tier)) - 1);
    if (tier == Tiers.UNITS) {
      return runs & ~UnitWord.leadingPlaces(word);
    }
    for (int rest = tier == Tiers.PAGES ? 0 : runs; rest != 0; rest &= rest - 1) {
      int page = Tiers.page(tier, index, Integer.numberOfTrailingZeros(rest));
      if (!leadsNowhere(access, words, tier, page)) {
        runs &= ~Integer.lowestOneBit(rest);
      }
    }
    return runs;
  }

  /** Returns whether the place that the page lies in, if it is broken up, leads to no word. */
  static boolean leadsNowhere(Words access, long[] words, int tier, int page) {
    return switch (tier) {
      case Tiers.PAGES -> true;
      case Tiers.UNITS -> {
        long word = access.word(words, Tiers.word(tier, page));
        yield !UnitWord.leads(word, Tiers.place(tier, page));
      }
      default -> access.word(words, Tiers.word(tier - 1, page)) == 0;
    };
  }
}
