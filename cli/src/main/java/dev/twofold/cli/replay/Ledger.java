package dev.twofold.cli.replay;

import dev.twofold.cli.trace.PackedEvent;
import java.util.function.IntPredicate;

/**
 * Who holds which page frame after each event of a recording, in recorded order, and which
 * operations follow from that.
 *
 * <p>A block stands for one allocation event and holds the page frames of that event. Every event
 * takes its frames away from the blocks that hold them; a block is freed when its last frame is
 * taken away. An allocation event then makes a new block of its frames; if it was refused, nobody
 * holds them. A refusal changes nothing for other blocks, so the operations are the same, but for
 * the free of the block that there is not.
 */
final class Ledger {

  private final FrameOwners owners = new FrameOwners();
  private final Blocks blocks;
  private final IntPredicate refused;

  private long frees;
  private long unmatchedFrees;
  private long refusals;
  private long livePages;
  private long livePagesPeak;

  /** Begins with no live block; {@code refused} tells of a block whether there never was one. */
  Ledger(int blocks, IntPredicate refused) {
    this.blocks = new Blocks(blocks);
    this.refused = refused;
  }

  /** Enters an event, and tells {@code operations} what it has an allocator do. */
  void enter(long event, Operations operations) {
    long frame = PackedEvent.frame(event);
    int order = PackedEvent.order(event);
    boolean taken = takeFrames(frame, order, operations);
    if (PackedEvent.isAllocation(event)) {
      allocate(frame, order, operations);
    } else {
      frees++;
      unmatchedFrees += taken ? 0 : 1;
    }
  }

  /** Has all live blocks freed, in the order they were allocated. */
  void freeLive(Operations operations) {
    for (int block = 0; block < blocks.count(); block++) {
      if (blocks.isLive(block)) {
        blocks.loseAllFrames(block);
        free(block, operations);
      }
    }
  }

  /** The counts so far. */
  Traffic traffic() {
    return new Traffic(blocks.count(), frees, unmatchedFrees, refusals, livePagesPeak, livePages);
  }

  private void allocate(long frame, int order, Operations operations) {
    int block = blocks.add(order);
    operations.allocate(block, order);
    if (refused.test(block)) {
      refusals++;
      blocks.loseAllFrames(block);
      return;
    }
    owners.give(frame, order, block);
    livePages += 1L << order;
    livePagesPeak = Math.max(livePagesPeak, livePages);
  }

  /** Takes 2^{@code order} frames from whoever holds them; returns whether somebody did. */
  private boolean takeFrames(long firstFrame, int order, Operations operations) {
    boolean taken = false;
    for (long frame = firstFrame; frame < firstFrame + (1L << order); frame++) {
      int block = owners.take(frame);
      if (block != FrameOwners.NOBODY) {
        taken = true;
        if (blocks.loseFrame(block)) {
          free(block, operations);
        }
      }
    }
    return taken;
  }

  private void free(int block, Operations operations) {
    livePages -= 1L << blocks.order(block);
    operations.free(block);
  }
}
