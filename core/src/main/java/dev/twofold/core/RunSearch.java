package dev.twofold.core;

/**
 * A search for free pages side by side that a request can take: policy. It is told, from page to
 * page, what is free and what is not, and stops at the first place that serves: the one furthest
 * down, or furthest up if it is told everything from the top.
 *
 * <p>An object can search one time after another. Page numbers are absolute. From the top, they are
 * negative: the pages [s, e) are [-e, -s).
 */
final class RunSearch {

  /** Returned instead of a page number when nothing was found. */
  static final long NONE = -1;

  private static final long NO_RUN = Long.MIN_VALUE;

  private long pageCount;
  private long alignmentMask;
  private long low;
  private long high;
  private boolean topDown;
  private long remainder;

  /** The next page to be told of, and where the run of free pages starts that ends there. */
  private long position;

  private long run;
  private long found;

  /** Begins a search for pages anywhere; returns this. */
  RunSearch of(long pages, long alignmentPages) {
    topDown = false;
    return of(pages, alignmentPages, 0, Long.MAX_VALUE);
  }

  /** Begins a search; returns this. */
  RunSearch of(RunRequest request) {
    topDown = request.topDown();
    return topDown
        ? of(request.pageCount(), request.alignmentPages(), -request.high(), -request.low())
        : of(request.pageCount(), request.alignmentPages(), request.low(), request.high());
  }

  private RunSearch of(long pages, long alignmentPages, long from, long to) {
    pageCount = pages;
    alignmentMask = alignmentPages - 1;
    low = from;
    high = to;
    remainder = topDown ? -pages & alignmentMask : 0;
    return again();
  }

  /** Begins the same search again; returns this. */
  RunSearch again() {
    position = 0;
    run = NO_RUN;
    found = NO_RUN;
    return this;
  }

  /** Returns whether this is told everything from the top. */
  boolean isTopDown() {
    return topDown;
  }

  /** Returns whether some page from one to another, which it does not include, can be taken. */
  boolean meets(long from, long to) {
    return topDown ? low < -from && high > -to : low < to && high > from;
  }

  /** Returns whether all pages from one to another, which it does not include, can be taken. */
  boolean covers(long from, long to) {
    return topDown ? low <= -to && high >= -from : low <= from && high >= to;
  }

  /** Returns the order of the alignment. */
  int alignmentOrder() {
    return Long.bitCount(alignmentMask);
  }

  /** Returns whether some of so many pages that are told of next can be taken. */
  boolean meetsNext(long pages) {
    return position < high && position + pages > low;
  }

  /** Returns how many pages side by side are searched for. */
  long pageCount() {
    return pageCount;
  }

  /** Begins at other pages: [{@code from}, {@code to}) are told of next. */
  void begin(long from, long to) {
    long begin = topDown ? -to : from;
    if (begin != position) {
      end();
    }
    position = begin;
  }

  /** Says that no pages stand beside those that were told of last. */
  void end() {
    run = NO_RUN;
  }

  /** Learns that the next pages are free. */
  void free(long pages) {
    if (run == NO_RUN) {
      run = position;
    }
    position += pages;
    long start = Math.max(run, low);
    start += (remainder - start) & alignmentMask;
    if (!isFound() && Math.min(position, high) - start >= pageCount) {
      found = start;
    }
  }

  /** Learns that the next pages are not free, or have nothing to offer. */
  void taken(long pages) {
    if (pages > 0) {
      run = NO_RUN;
      position += pages;
    }
  }

  /** Learns of the next {@code count} pages: those whose bits are set are free. */
  void pages(long free, int count) {
    long rest = free;
    for (int left = count; left > 0; ) {
      int taken = Math.min(left, Long.numberOfTrailingZeros(rest));
      taken(taken);
      left -= taken;
      rest = taken == Long.SIZE ? 0 : rest >>> taken;
      int pages = Math.min(left, Long.numberOfTrailingZeros(~rest));
      if (pages > 0) {
        free(pages);
      }
      left -= pages;
      rest = pages == Long.SIZE ? 0 : rest >>> pages;
    }
  }

  /** Returns whether a place was found. */
  boolean isFound() {
    return found != NO_RUN;
  }

  /** Returns the first page of the place that was found, or {@link #NONE}. */
  long found() {
    if (!isFound()) {
      return NONE;
    }
    return topDown ? -(found + pageCount) : found;
  }
}
