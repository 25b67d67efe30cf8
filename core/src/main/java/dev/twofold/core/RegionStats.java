package dev.twofold.core;

/**
 * The figures of one region at one moment. Immutable.
 *
 * @param region the region
 * @param online whether blocks are allocated from it
 * @param pages its whole pages
 * @param pagesAllocated those of its pages that are in allocated blocks
 */
public record RegionStats(Region region, boolean online, long pages, long pagesAllocated) {

  /**
   * Returns whether the region can be removed and will stay so: it is offline and holds no
   * allocated block.
   *
   * @return whether it is evacuated
   */
  public boolean isEvacuated() {
    return !online && pagesAllocated == 0;
  }
}
