package dev.twofold.cli.replay;

/**
 * What a replay asked of the allocator, and what came of it. Pages are those of whole blocks: a
 * block that has lost some of its frames still counts in full.
 *
 * @param allocations allocation events, those that the allocator refused included
 * @param frees free events, unmatched ones included
 * @param unmatchedFrees free events none of whose frames was live
 * @param failedAllocations allocation events that the allocator refused
 * @param livePagesPeak the most pages of live blocks there were after any event, in recorded order
 * @param livePagesEnd pages of live blocks after the last event
 */
public record Traffic(
    long allocations,
    long frees,
    long unmatchedFrees,
    long failedAllocations,
    long livePagesPeak,
    long livePagesEnd) {

  /**
   * Returns the number of all events.
   *
   * @return allocations and frees
   */
  public long events() {
    return allocations + frees;
  }
}
