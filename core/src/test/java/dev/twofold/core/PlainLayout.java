package dev.twofold.core;

/**
 * Where a tree's metadata stands: which pages it covers, the number of each block's bit, and the
 * slot of each page's word. No state of blocks is held here.
 *
 * <p>The blocks of a tree of height H are numbered like a binary heap. Block b of order k is node
 * 2^(H-k) + b, so stripe k is the bits [2^(H-k), 2^(H-k+1)) of one bit vector, and all stripes lie
 * interleaved in it: the buddy of node n is n ^ 1, its parent n &gt;&gt; 1.
 *
 * <pre>
 *   order 2 (H = 2)             1                   node  1
 *   order 1               2           3             nodes 2..3
 *   order 0            4     5     6     7          nodes 4..7
 *   page of the span   0     1     2     3
 * </pre>
 *
 * <p>A tree covers the pages it is given and no others. They need not be a power of two in number
 * nor start at a multiple of it: the span of the numbering is the smallest aligned one around them,
 * and nodes that stick out of the covered pages are never free.
 *
 * @param spanPage absolute number of the span's first page, a multiple of 2^height
 * @param height order of the span, 0 to {@link Orders#MAX_ORDER}
 * @param firstPage first covered page, counted from the span's first
 * @param pageCount covered pages, at least 1
 */
record PlainLayout(long spanPage, int height, int firstPage, int pageCount) {

  /**
   * Lays out a tree over {@code pageCount} pages from the absolute page number {@code page} on.
   * They must not cross a multiple of 2^{@link Orders#MAX_ORDER} pages.
   */
  static PlainLayout covering(long page, int pageCount) {
    long lastPage = page + pageCount - 1;
    int height = Long.SIZE - Long.numberOfLeadingZeros(page ^ lastPage);
    long spanPage = page & (-1L << height);
    return new PlainLayout(spanPage, height, (int) (page - spanPage), pageCount);
  }

  /** Returns the node of block 0 of {@code order}: where the stripe's bits begin. */
  int firstNode(int order) {
    return 1 << (height - order);
  }

  /** Returns the node of the block of {@code order} that starts at {@code page} of the span. */
  int node(int order, int page) {
    return firstNode(order) + (page >>> order);
  }

  /** Returns how many bits the numbering needs. */
  int nodeCount() {
    return 2 << height;
  }

  /** Returns the slot of a covered page's word. */
  int slot(int page) {
    return page - firstPage;
  }

  /** Returns the covered page whose word is in {@code slot}. */
  int page(int slot) {
    return slot + firstPage;
  }

  /** Returns the slot of the head of the list of {@code order}, behind all pages' slots. */
  int headSlot(int order) {
    return pageCount + order;
  }

  /** Returns how many words the page table needs. */
  int slotCount() {
    return pageCount + height + 1;
  }

  /** Returns the page behind the last covered page. */
  int endPage() {
    return firstPage + pageCount;
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
