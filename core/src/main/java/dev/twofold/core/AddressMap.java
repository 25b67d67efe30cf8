package dev.twofold.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which region and which tree an address belongs to: arithmetic on the sorted starts of the
 * regions.
 *
 * <p>A region is cut at the multiples of 2^{@link Orders#MAX_ORDER} pages, as no block crosses one,
 * and each piece is a tree. The trees of a region stand side by side in one array over all regions,
 * so that an address is a search among the regions (O(log regions)), a shift and an add. Immutable.
 */
final class AddressMap {

  /** Returned for an address that lies in no region. */
  static final int NONE = -1;

  private final int pageShift;
  private final long[] firstPages;
  private final long[] endPages;
  private final int[] firstTrees;
  private final List<TreeLayout> layouts;

  /**
   * Maps regions that are sorted by address, do not overlap and hold a whole page each.
   *
   * @param pageShift binary logarithm of the page size in bytes
   * @param regions the regions
   */
  AddressMap(int pageShift, List<Region> regions) {
    this.pageShift = pageShift;
    this.firstPages = new long[regions.size()];
    this.endPages = new long[regions.size()];
    this.firstTrees = new int[regions.size()];
    List<TreeLayout> trees = new ArrayList<>();
    for (int index = 0; index < firstPages.length; index++) {
      firstPages[index] = firstPage(regions.get(index), pageShift);
      endPages[index] = endPage(regions.get(index), pageShift);
      firstTrees[index] = trees.size();
      addTrees(firstPages[index], endPages[index], trees);
    }
    this.layouts = List.copyOf(trees);
  }

  /** Returns the number of the first page that lies wholly in {@code region}. */
  static long firstPage(Region region, int pageShift) {
    long partial = region.address() & ((1L << pageShift) - 1);
    return (region.address() >>> pageShift) + (partial == 0 ? 0 : 1);
  }

  /** Returns the number of the page behind the last one that lies wholly in {@code region}. */
  static long endPage(Region region, int pageShift) {
    return (region.address() + region.sizeBytes()) >>> pageShift;
  }

  /** Returns how many trees the pages [firstPage, endPage) are cut into. */
  static long treeCount(long firstPage, long endPage) {
    return ((endPage - 1) >>> Orders.MAX_ORDER) - (firstPage >>> Orders.MAX_ORDER) + 1;
  }

  /** Returns the layouts of all trees, in the order of their pages. */
  List<TreeLayout> layouts() {
    return layouts;
  }

  /** Returns the index of the region whose pages contain {@code address}, or {@link #NONE}. */
  int regionAt(long address) {
    long page = address >>> pageShift;
    int region = firstPages.length == 1 ? 0 : lastStartingUpTo(page);
    return region >= 0 && page >= firstPages[region] && page < endPages[region] ? region : NONE;
  }

  /** Returns the tree that covers {@code address}, which lies in {@code region}. */
  int treeAt(int region, long address) {
    long span = address >>> pageShift >>> Orders.MAX_ORDER;
    return firstTrees[region] + (int) (span - (firstPages[region] >>> Orders.MAX_ORDER));
  }

  private int lastStartingUpTo(long page) {
    int position = Arrays.binarySearch(firstPages, page);
    return position >= 0 ? position : -position - 2;
  }

  private static void addTrees(long firstPage, long endPage, List<TreeLayout> trees) {
    for (long page = firstPage; page < endPage; ) {
      long nextSpan = ((page >>> Orders.MAX_ORDER) + 1) << Orders.MAX_ORDER;
      long end = Math.min(nextSpan, endPage);
      trees.add(TreeLayout.covering(page, (int) (end - page)));
      page = end;
    }
  }
}
