package dev.twofold.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The pages of one region: arithmetic.
 *
 * <p>A region contributes the whole pages within it. They are cut at the multiples of 2^{@link
 * Orders#MAX_ORDER} pages, as no block crosses one, and each piece is a tree; so the tree of a page
 * is a shift and a subtraction.
 *
 * @param firstPage the absolute number of the first page
 * @param pageCount the number of pages; below 1 if the region holds no whole page
 */
record PageRange(long firstPage, long pageCount) {

  private static final long SPAN_MASK = Orders.pages(Orders.MAX_ORDER) - 1L;

  /** Returns the pages that lie wholly within {@code region}. */
  static PageRange within(Region region, int pageShift) {
    long partial = region.address() & ((1L << pageShift) - 1);
    long firstPage = (region.address() >>> pageShift) + (partial == 0 ? 0 : 1);
    long endPage = (region.address() + region.sizeBytes()) >>> pageShift;
    return new PageRange(firstPage, endPage - firstPage);
  }

  /** Returns the number of the page behind the last one. */
  long endPage() {
    return firstPage + pageCount;
  }

  /** Returns whether the page with this absolute number is one of them. */
  boolean contains(long page) {
    return Long.compareUnsigned(page - firstPage, pageCount) < 0;
  }

  /** Returns the block of the largest order that the pages begin in. */
  long firstSpan() {
    return firstPage >>> Orders.MAX_ORDER;
  }

  /** Returns which tree of the range covers {@code page}, one of its pages. */
  int treeOf(long page) {
    return (int) ((page >>> Orders.MAX_ORDER) - firstSpan());
  }

  /** Returns how many trees the pages, at least one, are cut into. */
  long treeCount() {
    return ((endPage() - 1) >>> Orders.MAX_ORDER) - firstSpan() + 1;
  }

  /**
   * Returns the layouts of the trees, in the order of their pages.
   *
   * @param zeroed whether the pages read as zero
   */
  List<TreeLayout> layouts(boolean zeroed) {
    List<TreeLayout> layouts = new ArrayList<>();
    for (long page = firstPage; page < endPage(); ) {
      long toNextSpan = Orders.pages(Orders.MAX_ORDER) - (page & SPAN_MASK);
      int count = (int) Math.min(toNextSpan, endPage() - page);
      layouts.add(TreeLayout.covering(page, count, zeroed));
      page += count;
    }
    return layouts;
  }
}
