package dev.twofold.core;

/**
 * Checks the words of a tree from block to block; for the holder of the tree's lock, while nothing
 * else is under way.
 */
final class TreeCheck {

  private static final int NONE = Words.NONE;

  private final TreeLayout layout;
  private final Words access;
  private final long[] words;

  TreeCheck(TreeLayout layout, Words access, long[] words) {
    this.layout = layout;
    this.access = access;
    this.words = words;
  }

  /**
   * Walks over all covered pages; nothing may be left to heal.
   *
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate() {
    validateWord(Tiers.TOP, 0);
  }

  private void validateWord(int tier, int page) {
    int index = Tiers.word(tier, page);
    long word = access.word(words, index);
    int places = Tiers.places(tier);
    int inRuns = BlockHeads.runPlaces(access, words, tier, index, word);
    int leading = tier == Tiers.UNITS ? UnitWord.leadingPlaces(word) : 0;
    boolean broken = (leading & ~BuddyWord.brokenPlaces(word)) == 0;
    Invariant.hold(broken, "a place leads to pages and is not broken up; page", page, leading);
    for (int place = 0; place < places; ) {
      int start = Tiers.page(tier, index, place);
      boolean inRun = ((inRuns >>> place) & 1) != 0;
      if (BuddyWord.isBroken(word, place) && !inRun) {
        validateBelow(tier - 1, start);
        place++;
      } else {
        long block = inRun ? word & ~(1L << place) : word;
        int order =
            Math.max(BuddyWord.allocatedOrder(block, place), BuddyWord.freeOrderAt(block, place));
        Invariant.hold(order != NONE, "a place lies in no block; page", start, tier);
        boolean fits = place % Orders.pages(order) == 0 && place + Orders.pages(order) <= places;
        Invariant.hold(fits, "a block is misaligned or sticks out; page", start, tier);
        validateNothingBelow(tier - 1, start, Orders.pages(order));
        place += Orders.pages(order);
      }
    }
  }

  private void validateBelow(int tier, int page) {
    validateWord(tier, page);
    boolean whole = access.word(words, Tiers.word(tier, page)) == Tiers.wholeWord(tier);
    Invariant.hold(!whole, "a word that is all free was not healed; page", page, tier);
  }

  private void validateNothingBelow(int tier, int page, int count) {
    for (int index = 0; tier >= 0 && index < count; index++) {
      int start = page + (index << Tiers.placeOrder(tier + 1));
      boolean covered = start < layout.endPage();
      boolean nothing = !covered || access.word(words, Tiers.word(tier, start)) == 0;
      Invariant.hold(nothing, "a word below a block is not empty; page", start, tier);
    }
  }
}
