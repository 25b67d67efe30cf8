package dev.twofold.core;

/**
 * A tree as whoever allocates from it remembers it: which pages it has, and its words, which may be
 * dead by now. Immutable, so threads that share a slot read all of one tree.
 */
final class NearTree {

  /** Has no pages. */
  static final NearTree NONE = new NearTree(0, 0, 0, TreeWords.NOTHING);

  private final long spanPage;
  private final long firstPage;
  private final long pageCount;
  private final long[] words;

  private NearTree(long spanPage, long firstPage, long pageCount, long[] words) {
    this.spanPage = spanPage;
    this.firstPage = firstPage;
    this.pageCount = pageCount;
    this.words = words;
  }

  /** Remembers a tree and the words it has now. */
  static NearTree of(TreeLayout layout, long[] words) {
    long spanPage = layout.spanPage();
    return new NearTree(spanPage, spanPage + layout.firstPage(), layout.pageCount(), words);
  }

  /** Returns whether the page that has this absolute number is one of the tree. */
  boolean has(long page) {
    return Long.compareUnsigned(page - firstPage, pageCount) < 0;
  }

  /** Returns which page of the tree the page is that has this absolute number. */
  int pageInTree(long page) {
    return (int) (page - spanPage);
  }

  /** Returns the words. */
  long[] words() {
    return words;
  }
}
