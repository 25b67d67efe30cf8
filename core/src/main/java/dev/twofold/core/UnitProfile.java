package dev.twofold.core;

/** What is free in a unit, as one {@code int}: how many pages, and the largest block's order. */
final class UnitProfile {

  /** Nothing is free. */
  static final int NOTHING = 0;

  private static final int ORDER_SHIFT = 16;
  private static final int ORDER_MASK = (1 << 5) - 1;
  private static final int PAGES_MASK = (1 << ORDER_SHIFT) - 1;
  private static final int HEALABLE = 1 << 30;

  /** All is free, as in a whole unit. */
  static final int VACANT = of(Tiers.UNIT_ORDER, Tiers.UNIT_PAGES);

  private UnitProfile() {}

  /**
   * Puts a profile together.
   *
   * @param unitWord the unit's word of its tier
   * @param largest the largest order that a word of pages can serve, or -1
   * @param pages the free pages in words of pages
   */
  static int of(long unitWord, int largest, int pages) {
    int placeOrder = Tiers.placeOrder(Tiers.UNITS);
    int inUnitWord = BuddyWord.largestFreeOrder(unitWord);
    int order = inUnitWord == BuddyWord.NONE ? largest : inUnitWord + placeOrder;
    boolean healable = largest == placeOrder || unitWord == Tiers.wholeWord(Tiers.UNITS);
    int freePages = pages + (BuddyWord.freePlaces(unitWord) << placeOrder);
    return (healable ? HEALABLE : 0) | of(order, freePages);
  }

  private static int of(int order, int freePages) {
    return ((order + 1) << ORDER_SHIFT) | freePages;
  }

  /** Returns the order of the largest free block, or -1. */
  static int largestFreeOrder(int profile) {
    return ((profile >>> ORDER_SHIFT) & ORDER_MASK) - 1;
  }

  /**
   * Returns whether something may merge across words: a block of all pages of a word, or of the
   * whole unit.
   */
  static boolean canHeal(int profile) {
    return (profile & HEALABLE) != 0;
  }

  /** Returns how many pages are free. */
  static int freePages(int profile) {
    return profile & PAGES_MASK;
  }
}
