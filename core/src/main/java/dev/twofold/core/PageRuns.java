package dev.twofold.core;

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
 * allocated, resized and freed under the locks of the trees they lie in, mostly of one: O(orders),
 * some hundred nanoseconds, and no heap memory but for refusals and for runs that cross a multiple
 * of the largest block's size.
 */
public final class PageRuns {

  private final int pageShift;
  private final RunArray runs;
  private final RegionSet regions;
  private final Requests requests;
  private final Engine engine;

  PageRuns(int pageShift, RunArray runs, RegionSet regions, Requests requests, Engine engine) {
    this.pageShift = pageShift;
    this.runs = runs;
    this.regions = regions;
    this.requests = requests;
    this.engine = engine;
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
      throw refusal(request);
    }
    return address;
  }

  /**
   * Allocates a run if there are such pages. O(orders) at an exact address, and anywhere if the
   * unit of 2^9 pages that served a run last, or one that a run was freed in, can serve. Else, and
   * if it is refused, O(log trees + log units) and the units that changed since the last search,
   * each O(1); a run that crosses multiples of the largest block's size also O(orders) for each of
   * these blocks. A tree that seemed to serve and did not is one more search: pages were freed to
   * it since it was searched last; or it has as many side by side, but reaches beyond the window,
   * or was not searched for that alignment since. The first search in a tree with an alignment, of
   * more than a page, looks into all its units.
   *
   * @param request how many pages, and where
   * @return the run's address, or {@link BuddyAllocator#NO_PAGES}
   * @throws IllegalArgumentException if no free memory could make this allocator serve the request
   * @throws IllegalStateException if the allocator is closed
   */
  public long tryAllocate(PageRequest request) {
    engine.letGo();
    return counted(allocatePages(request));
  }

  private long allocatePages(PageRequest request) {
    request.requireServable(pageShift);
    if (request.isExact()) {
      return allocateAt(request.exactAddress(), request.pageCount(pageShift), request);
    }
    RunRequest inPages = request.inPages(pageShift);
    if (!request.isAnywhere()) {
      return runs.allocate(inPages);
    }
    long page = runs.allocateFromLast(inPages.pageCount(), inPages.alignmentPages());
    return page == RunArray.NONE ? runs.allocateNext(inPages) : page;
  }

  /** Counts an allocation or a refusal; returns the address. */
  private long counted(long page) {
    if (page == RunArray.NONE) {
      return requests.countRefusal();
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
    return regions.pageCountAt(address);
  }

  /**
   * Lets a run or block grow or shrink where it is, if it can. Pages that it loses are free at
   * once; it grows if the pages behind it are free and its region is online. O(orders).
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
    return regions.resize(address, pageCount);
  }

  /** Checks what the trees cannot check by themselves; see {@link RunArray#validate}. */
  void validate() {
    runs.validate();
  }

  /** Allocates the pages that hold a segment: a block like any other if they can be one. */
  long allocate(long byteSize, long byteAlignment) {
    int order = requests.blockOrder(byteSize, byteAlignment);
    long page = order == Requests.NO_BLOCK ? Engine.NO_PAGE : engine.allocate(order);
    return page == Engine.NO_PAGE ? allocateRun(byteSize, byteAlignment) : page << pageShift;
  }

  /** Allocates the pages that hold a segment, likewise, which read as zero. */
  long allocateZeroed(long byteSize, long byteAlignment) {
    int order = requests.blockOrder(byteSize, byteAlignment);
    long page = order == Requests.NO_BLOCK ? Engine.NO_PAGE : engine.allocateZero(order);
    long address =
        page == Engine.NO_PAGE ? allocateRun(byteSize, byteAlignment) : page << pageShift;
    regions.clear(address, requests.pageCount(byteSize));
    return address;
  }

  private long allocateRun(long byteSize, long byteAlignment) {
    engine.letGo();
    long pageCount = requests.pageCount(byteSize);
    long alignmentPages = requests.alignmentPages(byteAlignment);
    long page = runs.allocateFromLast(pageCount, alignmentPages);
    if (page == RunArray.NONE) {
      page = runs.allocateNext(RunRequest.anywhere(pageCount, alignmentPages));
    }
    long address = counted(page);
    if (address == BuddyAllocator.NO_PAGES) {
      throw refusal(PageRequest.ofBytes(byteSize).alignedTo(byteAlignment));
    }
    return address;
  }

  private OutOfPagesException refusal(PageRequest request) {
    return new OutOfPagesException(
        "no free pages side by side for " + request,
        request.pageCount(pageShift),
        requests.stats());
  }

  private long allocateAt(long address, long pageCount, PageRequest request) {
    PageRange pages = regions.regionAt(address).pages();
    long page = address >>> pageShift;
    if (!pages.contains(page + pageCount - 1)) {
      throw new IllegalArgumentException(
          "%s reach beyond the region that the address lies in".formatted(request));
    }
    boolean allocated = regions.regionAt(address).runs().allocateAt(page, page + pageCount);
    if (!allocated) {
      regions.requireOpen();
    }
    return allocated ? page : RunArray.NONE;
  }
}
