package dev.twofold.cli.bench;

import dev.twofold.core.AllocatorStats;

/** How whole the free memory is. */
final class Score {

  /** The order of a huge page: 2 MiB in pages of 4 KiB. */
  static final int HUGE_ORDER = 9;

  private Score() {}

  /** Returns the share of the free pages that lie in wholly free 2 MiB blocks, in percent. */
  static double of(AllocatorStats stats) {
    long hugePages = 0;
    for (int order = HUGE_ORDER; order < stats.freeBlocks().size(); order++) {
      hugePages += stats.freeBlocks().get(order) << (order - HUGE_ORDER);
    }
    return stats.pagesFree() == 0 ? 0 : 100.0 * (hugePages << HUGE_ORDER) / stats.pagesFree();
  }
}
