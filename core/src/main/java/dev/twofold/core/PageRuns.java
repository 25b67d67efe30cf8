package dev.twofold.core;

import java.util.function.Supplier;

/**
 * Runs of pages: exact sizes, and places of one's choice. The part of a {@link BuddyAllocator} that
 * {@link BuddyAllocator#runs()} leads to.
 *
 * <p>A run is any number of pages side by side, be they a power of two or not, more than the
 * largest block or across its borders, in one region. It costs exactly its pages. Like a block it
 * is named by its address: {@link BuddyAllocator#freePages} frees all of it, {@link
 * BuddyAllocator#segment} is all of its memory. A run that is a block, as to its size and its
 * place, is one in every respect.
 *
 * <p>All promises of a {@link BuddyAllocator} hold: who fails changes nothing; a request is refused
 * only if there was a moment during the call at which no free pages could have served it; of frees
 * that race one wins. Safe for use by any thread, unless the allocator is confined. Runs are
 * allocated, resized and freed under the locks of the trees they lie in: O(orders), some hundred
 * nanoseconds.
 */
public final class PageRuns {

  private final int pageShift;
  private final Addresses addresses;
  private final RunArray runs;
  private final Engine engine;
  private final Supplier<AllocatorStats> stats;
  private final Runnable refusals;

  /**
   * Opens the door to runs.
   *
   * @param stats tells the figures, for messages
   * @param refusals counts a refusal
   */
  PageRuns(
      int pageShift,
      Addresses addresses,
      RunArray runs,
      Engine engine,
      Supplier<AllocatorStats> stats,
      Runnable refusals) {
    this.pageShift = pageShift;
    this.addresses = addresses;
    this.runs = runs;
    this.engine = engine;
    this.stats = stats;
    this.refusals = refusals;
  }

  /**
   * Allocates a run. See {@link #tryAllocate} for what it costs; the exception costs as much as
   * {@link BuddyAllocator#stats()}.
   *
   * @param request how many pages, and where
   * @return the run's address
   * @throws OutOfPagesException if there are no such pages
   * @throws IllegalArgumentException if no free memory could make this allocator serve the request:
   *     it contradicts itself, is aligned to more than the largest block, or asks for an address
   *     from which so many pages do not lie in a region
   * @throws IllegalStateException if the allocator is closed
   */
  public long allocate(PageRequest request) {
    long address = tryAllocate(request);
    if (address == BuddyAllocator.NO_PAGES) {
      throw new OutOfPagesException(request, request.pageCount(pageShift), stats.get());
    }
    return address;
  }

  /**
   * Allocates a run if there are such pages. O(orders) at an exact address. Else O(log trees + log
   * units) and the units that changed since the last search, each O(1); a tree that seemed to serve
   * and did not is one more search. Searches with an alignment of more than a page look into all
   * units that have as many pages side by side, aligned or not. A refusal takes O(trees).
   *
   * @param request how many pages, and where
   * @return the run's address, or {@link BuddyAllocator#NO_PAGES}
   * @throws IllegalArgumentException if no free memory could make this allocator serve the request
   * @throws IllegalStateException if the allocator is closed
   */
  public long tryAllocate(PageRequest request) {
    engine.letGo();
    RunRequest inPages = request.inPages(pageShift);
    long page =
        request.address().isPresent()
            ? allocateAt(request.address().getAsLong(), inPages.pageCount(), request)
            : runs.allocate(inPages);
    if (page == RunArray.NONE) {
      refusals.run();
      return BuddyAllocator.NO_PAGES;
    }
    engine.countAllocation();
    return page << pageShift;
  }

  /**
   * Returns how many pages a run or block has. O(orders).
   *
   * @param address the run's or block's address
   * @return a number of pages, at least 1
   * @throws IllegalArgumentException if no run or block starts at {@code address}
   * @throws IllegalStateException if the allocator is closed
   */
  public long pageCountAt(long address) {
    engine.requireAccess();
    int tree = addresses.treeAt(address);
    int order = engine.orderAt(address >>> pageShift);
    long pages =
        order == Words.NONE ? runs.pageCount(tree, address >>> pageShift) : Orders.pages(order);
    if (pages == RunArray.NONE) {
      throw addresses.notAllocated(address);
    }
    return pages;
  }

  /**
   * Lets a run or block grow or shrink where it is, if it can. Pages that it loses are free at
   * once; it grows if the pages behind it are free. O(orders).
   *
   * @param address the run's or block's address, which stays the same
   * @param pageCount how many pages it is to have, at least 1
   * @return whether it has so many pages now; if not, nothing was changed
   * @throws IllegalArgumentException if no run or block starts at {@code address}, or {@code
   *     pageCount} is less than 1
   * @throws IllegalStateException if the allocator is closed
   */
  public boolean resize(long address, long pageCount) {
    if (pageCount < 1) {
      throw new IllegalArgumentException("a run has at least 1 page, not %d".formatted(pageCount));
    }
    if (pageCountAt(address) == pageCount) {
      return true;
    }
    if (!addresses.isInRegion(address, pageCount)) {
      return false;
    }
    engine.letGo();
    long page = address >>> pageShift;
    long resized = runs.resize(addresses.treeAt(address), page, page + pageCount);
    if (resized == RunArray.NONE) {
      throw addresses.notAllocated(address);
    }
    return resized > 0;
  }

  /** Frees a run, or refuses: what the engine did not free. */
  void free(long address) {
    engine.letGo();
    if (!runs.free(addresses.treeAt(address), address >>> pageShift)) {
      throw addresses.notAllocated(address);
    }
  }

  private long allocateAt(long address, long pageCount, PageRequest request) {
    addresses.requireCovered(address);
    if (!addresses.isInRegion(address, pageCount)) {
      throw new IllegalArgumentException(
          "%s reach beyond the region that the address lies in".formatted(request));
    }
    long page = address >>> pageShift;
    return runs.allocateAt(page, page + pageCount) ? page : RunArray.NONE;
  }
}
