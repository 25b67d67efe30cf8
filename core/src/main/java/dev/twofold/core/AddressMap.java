package dev.twofold.core;

import java.util.List;

/**
 * Which region a page belongs to, and the words of its tree: a search among the sorted starts of
 * the regions, O(log regions), a shift and an add. Immutable: when regions come or go, another map
 * takes its place.
 *
 * <p>A map that is out of date does no harm: words are found through their region, never by a
 * number that may have been given away, and a region that is offline shows none.
 */
final class AddressMap {

  private static final long[][] NO_TREES = {};

  private final List<RegionTrees> regions;

  /** The first region's figures again, as most allocators have no other. */
  private final long firstPage;

  private final long pageCount;
  private final long firstSpan;
  private final long[][] firstWords;

  /** Maps regions that are sorted by address and do not overlap. */
  AddressMap(List<RegionTrees> regions) {
    this.regions = List.copyOf(regions);
    boolean none = regions.isEmpty();
    PageRange first = none ? new PageRange(0, 0) : regions.getFirst().pages();
    firstPage = first.firstPage();
    pageCount = first.pageCount();
    firstSpan = first.firstSpan();
    firstWords = none ? NO_TREES : regions.getFirst().words();
  }

  /** Returns the regions, sorted by address. */
  List<RegionTrees> regions() {
    return regions;
  }

  /** Returns the words to find the block at {@code page} in; without any block if none is. */
  long[] wordsOf(long page) {
    return Long.compareUnsigned(page - firstPage, pageCount) < 0
        ? TreeWords.of(firstWords, (int) ((page >>> Orders.MAX_ORDER) - firstSpan))
        : wordsInAnotherRegion(page);
  }

  /** Returns the region that {@code page} is a page of, or null. */
  @Nullable
  RegionTrees regionOf(long page) {
    int low = 0;
    int high = regions.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (regions.get(middle).pages().firstPage() <= page) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    RegionTrees last = low == 0 ? null : regions.get(low - 1);
    return last != null && last.pages().contains(page) ? last : null;
  }

  private long[] wordsInAnotherRegion(long page) {
    RegionTrees region = regionOf(page);
    return region == null ? TreeWords.NOTHING : region.wordsOf(page);
  }
}
