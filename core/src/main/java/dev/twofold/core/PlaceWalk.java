package dev.twofold.core;

/**
 * A walk over the places that a range of pages is made of, in the order of the pages: the fewest
 * places of all tiers that fill it. So it meets each tier's words at the borders of the range only,
 * at most two of a tier.
 */
abstract class PlaceWalk {

  /**
   * Visits places that lie in the range.
   *
   * @param first the first of them in the word at {@code index} of {@code tier}
   * @param end the place behind the last
   * @return whether to go on
   */
  abstract boolean visit(int tier, int index, int first, int end);

  /**
   * Sees to it that the word below the place says what is in it, as a part of the place lies in the
   * range; returns whether to go on.
   */
  abstract boolean open(int tier, int index, int place);

  /**
   * Walks from page {@code from} up to, but not including, {@code to}; returns false if stopped.
   */
  final boolean walk(int from, int to) {
    return walk(Tiers.TOP, from, to);
  }

  private boolean walk(int tier, int from, int to) {
    int index = Tiers.word(tier, from);
    int order = Tiers.placeOrder(tier);
    int wordPage = Tiers.page(tier, index, 0);
    int first = (from - wordPage + Orders.pages(order) - 1) >>> order;
    int end = (to - wordPage) >>> order;
    if (first > end) {
      return open(tier, index, end) && walk(tier - 1, from, to);
    }
    int firstPage = wordPage + (first << order);
    int endPage = wordPage + (end << order);
    return (from == firstPage || (open(tier, index, first - 1) && walk(tier - 1, from, firstPage)))
        && (first == end || visit(tier, index, first, end))
        && (to == endPage || (open(tier, index, end) && walk(tier - 1, endPage, to)));
  }
}
