package dev.twofold.core;

/**
 * Which pages a tree covers. A tree covers the pages it is given and no others. They need not be a
 * power of two in number nor start at a multiple of it: the span is the smallest aligned block
 * around them, and pages are counted from its first.
 *
 * @param spanPage absolute number of the span's first page, a multiple of 2^height
 * @param height order of the span, 0 to {@link Orders#MAX_ORDER}
 * @param firstPage first covered page, counted from the span's first
 * @param pageCount covered pages, at least 1
 * @param zeroed whether all of them read as zero until they are handed out
 */
record TreeLayout(long spanPage, int height, int firstPage, int pageCount, boolean zeroed) {

  /**
   * Lays out a tree over {@code pageCount} pages from the absolute page number {@code page} on.
   * They must not cross a multiple of 2^{@link Orders#MAX_ORDER} pages.
   */
  static TreeLayout covering(long page, int pageCount, boolean zeroed) {
    long lastPage = page + pageCount - 1;
    int height = Long.SIZE - Long.numberOfLeadingZeros(page ^ lastPage);
    long spanPage = page & (-1L << height);
    return new TreeLayout(spanPage, height, (int) (page - spanPage), pageCount, zeroed);
  }

  /** Lays out such a tree over pages that may hold anything. */
  static TreeLayout covering(long page, int pageCount) {
    return covering(page, pageCount, false);
  }

  /** Returns the page behind the last covered page. */
  int endPage() {
    return firstPage + pageCount;
  }

  /** Returns how many pages of the block of {@code order} at {@code page} are covered. */
  int covered(int page, int order) {
    int end = Math.min(page + Orders.pages(order), endPage());
    return Math.max(0, end - Math.max(page, firstPage));
  }

  /** Returns the order of the largest aligned block that starts at covered {@code page}. */
  int largestOrderAt(int page) {
    return Math.min(height, Orders.largestAt(page, endPage() - page));
  }

  /** Returns the order of the largest block while all pages are free. */
  int largestOrder() {
    long[] blocks = new long[Orders.COUNT];
    addWholeTo(blocks);
    int order = height;
    while (blocks[order] == 0) {
      order--;
    }
    return order;
  }

  /** Adds the blocks of each order while all pages are free. */
  void addWholeTo(long[] blocks) {
    for (int page = firstPage; page < endPage(); ) {
      int order = largestOrderAt(page);
      blocks[order]++;
      page += Orders.pages(order);
    }
  }
}
