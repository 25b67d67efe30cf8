package dev.twofold.core;

/**
 * How much is free in a tree, as of the last look, and what follows from it: what the {@link
 * Patience} of all trees knows of this one, and what it said last. For whoever holds the tree's
 * lock.
 */
final class FreeCount {

  /** A quarter of a tree; to tell the others takes time, and they look at it all the while. */
  private static final int STALE_PAGES = Orders.pages(Orders.MAX_ORDER - 2);

  private final Tree tree;
  private final Patience patience;

  /** What {@link WholeProfile#largestFreeOrder} was, or more. */
  private int largestWhole;

  private int freeUnits;

  /** What the patience knows of this tree. */
  private long freePages;

  private int brokenUnits;

  /** What it said last. */
  private int patiencePages = 1;

  private int densePages;

  /** Counts nothing yet. */
  FreeCount(Tree tree, Patience patience) {
    this.tree = tree;
    this.patience = patience;
    densePages = Patience.densePages(patience.pages());
  }

  /** Returns the order of the largest block of whole units, or a larger one; or NONE. */
  int largestWhole() {
    return largestWhole;
  }

  /** Returns how many units were free as a whole. */
  int freeUnits() {
    return freeUnits;
  }

  /** Returns the free pages there were. */
  long freePages() {
    return freePages;
  }

  /** Returns how many pages may wait in a unit until it is worth looking at. */
  int patiencePages() {
    return patiencePages;
  }

  /** Returns how many pages a unit has free, at most, that counts as dense. */
  int densePages() {
    return densePages;
  }

  /** Returns whether units that slots draw on count as dense, however empty. */
  boolean isDrawnDense() {
    return Patience.isDrawnDense(patiencePages);
  }

  /** Merges whole units and counts them. */
  void countWhole() {
    tree.healUpperWords();
    int profile = tree.wholeProfile();
    largestWhole = WholeProfile.largestFreeOrder(profile);
    freeUnits = WholeProfile.freeUnits(profile);
    addBroken(WholeProfile.brokenUnits(profile) - brokenUnits);
  }

  /** Learns that one more unit is broken up; the largest block may be smaller now than it says. */
  void addBroken() {
    freeUnits--;
    addBroken(1);
  }

  /** Returns whether much more is free than the other trees know, or much less. */
  boolean isStale(int pagesInUnits) {
    return Math.abs(pages(pagesInUnits) - freePages) >= STALE_PAGES;
  }

  private long pages(int pagesInUnits) {
    return (long) freeUnits * Tiers.UNIT_PAGES + pagesInUnits;
  }

  /** Tells the other trees how much is free, and learns how long to wait. */
  void learnPatience(int pagesInUnits) {
    long pages = pages(pagesInUnits);
    patience.add(pages - freePages, 0);
    freePages = pages;
    patiencePages = patience.pages();
    densePages = Patience.densePages(patiencePages);
  }

  /** Takes back all that the other trees know of this one. */
  void retire() {
    patience.add(-freePages, -brokenUnits);
  }

  private void addBroken(int more) {
    patience.add(0, more);
    brokenUnits += more;
  }
}
