package dev.twofold.core;

import java.util.ArrayList;
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

  private static final long SPAN_MASK = Orders.pages(Orders.MAX_ORDER) - 1L;

  private final int pageShift;
  private final Extent[] extents;

  /** The first region's figures again, as most allocators have no other. */
  private final long firstPage;

  private final long pageCount;
  private final long firstSpan;
  private final List<TreeLayout> layouts;

  /**
   * Maps regions that are sorted by address, do not overlap and hold a whole page each.
   *
   * @param pageShift binary logarithm of the page size in bytes
   * @param regions the regions
   */
  AddressMap(int pageShift, List<Region> regions) {
    this.pageShift = pageShift;
    this.extents = new Extent[regions.size()];
    List<TreeLayout> trees = new ArrayList<>();
    for (int region = 0; region < extents.length; region++) {
      long firstPage = firstPage(regions.get(region), pageShift);
      long endPage = endPage(regions.get(region), pageShift);
      extents[region] = new Extent(firstPage, endPage - firstPage, trees.size());
      addTrees(firstPage, endPage, regions.get(region).startsZeroed(), trees);
    }
    this.layouts = List.copyOf(trees);
    this.firstPage = extents[0].firstPage;
    this.pageCount = extents[0].pageCount;
    this.firstSpan = firstPage >>> Orders.MAX_ORDER;
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
    return regionOf(address >>> pageShift);
  }

  private int regionOf(long page) {
    int region = extents.length == 1 ? 0 : lastStartingUpTo(page);
    return region != NONE && extents[region].contains(page) ? region : NONE;
  }

  /** Returns the index of the tree that covers {@code address}, or {@link #NONE}. */
  int treeAt(long address) {
    return treeOf(address >>> pageShift);
  }

  /** Returns the index of the tree that covers {@code page}, or {@link #NONE}. */
  int treeOf(long page) {
    return Long.compareUnsigned(page - firstPage, pageCount) < 0
        ? (int) ((page >>> Orders.MAX_ORDER) - firstSpan)
        : treeOfAnotherRegion(page);
  }

  private int treeOfAnotherRegion(long page) {
    int region = regionOf(page);
    return region == NONE ? NONE : extents[region].treeOf(page);
  }

  /** Returns the last region that does not start behind {@code page}, or {@link #NONE}. */
  private int lastStartingUpTo(long page) {
    int low = 0;
    int high = extents.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (extents[middle].firstPage <= page) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private static void addTrees(
      long firstPage, long endPage, boolean zeroed, List<TreeLayout> trees) {
    long page = firstPage;
    while (page < endPage) {
      long toNextSpan = Orders.pages(Orders.MAX_ORDER) - (page & SPAN_MASK);
      int pageCount = (int) Math.min(toNextSpan, endPage - page);
      trees.add(TreeLayout.covering(page, pageCount, zeroed));
      page += pageCount;
    }
  }

  /** The pages of one region and the tree of its first page. */
  private record Extent(long firstPage, long pageCount, int firstTree) {

    boolean contains(long page) {
      return page >= firstPage && page - firstPage < pageCount;
    }

    int treeOf(long page) {
      long spans = (page >>> Orders.MAX_ORDER) - (firstPage >>> Orders.MAX_ORDER);
      return firstTree + (int) spans;
    }
  }
}
