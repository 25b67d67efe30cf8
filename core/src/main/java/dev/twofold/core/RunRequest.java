package dev.twofold.core;

/**
 * What pages are asked for, all side by side, in absolute page numbers. See {@link PageRequest},
 * which says it in bytes.
 *
 * @param pageCount how many, at least 1
 * @param alignmentPages a power of two that the first page's number is a multiple of
 * @param low the first page that can be taken
 * @param high the page behind the last that can be taken
 * @param topDown whether they lie as far up as possible rather than as far down
 */
record RunRequest(long pageCount, long alignmentPages, long low, long high, boolean topDown) {

  /** Returns the order of the alignment. */
  int alignmentOrder() {
    return Long.numberOfTrailingZeros(alignmentPages);
  }

  /** Returns a request for pages anywhere. */
  static RunRequest anywhere(long pageCount, long alignmentPages) {
    return new RunRequest(pageCount, alignmentPages, 0, Long.MAX_VALUE, false);
  }
}
