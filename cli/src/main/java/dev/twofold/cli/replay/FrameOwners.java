package dev.twofold.cli.replay;

import org.agrona.collections.Long2LongHashMap;

/** Which block holds which page frame of the recording. */
final class FrameOwners {

  /** What {@link #take} returns for a frame that no block holds. Blocks are not negative. */
  static final int NOBODY = -1;

  private final Long2LongHashMap blockByFrame = new Long2LongHashMap(NOBODY);

  /** Gives 2^{@code order} frames, which nobody may hold, to a block. */
  void give(long firstFrame, int order, int block) {
    for (long frame = firstFrame; frame < firstFrame + (1L << order); frame++) {
      blockByFrame.put(frame, block);
    }
  }

  /**
   * Takes one frame away from the block that holds it, and returns the block or {@link #NOBODY}.
   */
  int take(long frame) {
    return (int) blockByFrame.remove(frame);
  }
}
