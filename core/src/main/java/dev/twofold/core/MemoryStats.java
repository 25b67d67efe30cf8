package dev.twofold.core;

/**
 * What an allocator has of the system's memory at one moment, and what it gave back. Immutable.
 *
 * <p>Reserved memory is committed, or was given back, or was never handed out. Committed memory is
 * used or cached. A unit of 2^9 pages is committed as a whole, but for what lies outside of its
 * region, from when the first of its blocks is handed out until its memory is given back. So these
 * are the system's own figures if whoever gets a block touches all of it, and otherwise the most
 * that they can be. What was resident before the allocator was built does not count. Over bare
 * ranges of addresses, which the system need not stand behind, this is what would be.
 *
 * @param reservedBytes all pages under management
 * @param committedBytes memory that the system may have to stand behind
 * @param usedBytes allocated blocks; at most {@code committedBytes}
 * @param decommittedBytes memory that was given back, and not handed out since
 * @param decommits calls so far that gave memory back, each of a run of adjacent units; those in
 *     regions that were removed count on
 * @param decommittedBytesSoFar memory given back so far, counted each time, likewise. As far as it
 *     exceeds {@code decommittedBytes}, it was needed again or its region removed
 */
public record MemoryStats(
    long reservedBytes,
    long committedBytes,
    long usedBytes,
    long decommittedBytes,
    long decommits,
    long decommittedBytesSoFar) {

  /**
   * Returns how much memory is committed and free: kept for the next requests until it decays or is
   * trimmed. Caches of threads hold no pages, so nothing else is kept.
   *
   * @return a size in bytes
   */
  public long cachedBytes() {
    return committedBytes - usedBytes;
  }
}
