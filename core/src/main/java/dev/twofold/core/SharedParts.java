package dev.twofold.core;

/**
 * What all trees of an allocator have in common.
 *
 * @param index which tree can serve an order
 * @param runIndex which trees may serve a run
 * @param access how words are changed
 * @param patience how long units wait, of all trees together
 */
record SharedParts(LargestOrderIndex index, RunIndex runIndex, Words access, Patience patience) {

  /** Makes those of an allocator without trees. */
  static SharedParts of(Words access) {
    return new SharedParts(new LargestOrderIndex(1), new RunIndex(), access, new Patience());
  }
}
