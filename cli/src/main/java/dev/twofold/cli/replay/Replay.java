package dev.twofold.cli.replay;

import dev.twofold.cli.check.EndCheck;
import dev.twofold.cli.progress.Progress;
import dev.twofold.cli.trace.PackedEvent;
import dev.twofold.cli.trace.Recording;
import dev.twofold.core.AllocatorStats;
import dev.twofold.core.BuddyAllocator;

/**
 * Has an allocator do what another one was recorded doing.
 *
 * <p>A block stands for one allocation event and holds the page frames of that event. Every event
 * takes its frames away from the blocks that hold them; a block is freed in the allocator when its
 * last frame is taken away. An allocation event then makes a new block of its frames.
 *
 * <p>Used once, by one thread.
 */
public final class Replay {

  private static final int EVENTS_PER_STEP = 1 << 12;

  private final BuddyAllocator allocator;
  private final TimedAllocator timed;
  private final Stamps stamps;
  private final Recording recording;
  private final FrameOwners owners = new FrameOwners();
  private final Blocks blocks;
  private final Defects defects = new Defects();

  private long frees;
  private long unmatchedFrees;
  private long failedAllocations;
  private long livePages;
  private long livePagesPeak;

  /**
   * Prepares a replay.
   *
   * @param recording the events
   * @param allocator a new allocator, all of whose pages are free
   * @param stamps how to mark its pages
   */
  public Replay(Recording recording, BuddyAllocator allocator, Stamps stamps) {
    this.recording = recording;
    this.allocator = allocator;
    this.stamps = stamps;
    timed = new TimedAllocator(allocator);
    blocks = new Blocks(Math.toIntExact(recording.allocations()));
  }

  /**
   * Replays all events, then frees what is still live and compares the allocator with a new one.
   *
   * @param progress told of every event
   * @return what came of it
   */
  public ReplayResult run(Progress progress) {
    EndCheck check = new EndCheck(allocator);
    long startNanos = System.nanoTime();
    for (long event = 0; event < recording.events(); event++) {
      replay(recording.event(event));
      if ((event + 1) % EVENTS_PER_STEP == 0) {
        progress.advance(EVENTS_PER_STEP);
      }
    }
    long replayNanos = System.nanoTime() - startNanos;
    progress.advance(recording.events() % EVENTS_PER_STEP);
    Traffic traffic = traffic();
    AllocatorStats end = allocator.stats();
    defects.expectLivePages(livePages, end);
    Timing timing = timed.timing(replayNanos);
    boolean drained = drain(check);
    return new ReplayResult(traffic, end, timing, drained, defects.sentences());
  }

  private void replay(long event) {
    if (PackedEvent.isAllocation(event)) {
      allocate(PackedEvent.frame(event), PackedEvent.order(event));
    } else {
      free(PackedEvent.frame(event), PackedEvent.order(event));
    }
  }

  private void allocate(long frame, int order) {
    takeFrames(frame, order);
    long address = timed.allocate(order);
    if (address == BuddyAllocator.NO_PAGES) {
      failedAllocations++;
      return;
    }
    int block = blocks.add(address, order);
    owners.give(frame, order, block);
    stamps.stamp(block, address);
    livePages += 1L << order;
    livePagesPeak = Math.max(livePagesPeak, livePages);
  }

  private void free(long frame, int order) {
    frees++;
    if (!takeFrames(frame, order)) {
      unmatchedFrees++;
    }
  }

  /** Takes 2^{@code order} frames from whoever holds them; returns whether somebody did. */
  private boolean takeFrames(long firstFrame, int order) {
    boolean taken = false;
    for (long frame = firstFrame; frame < firstFrame + (1L << order); frame++) {
      int block = owners.take(frame);
      if (block != FrameOwners.NOBODY) {
        taken = true;
        if (blocks.loseFrame(block)) {
          freeBlock(block);
        }
      }
    }
    return taken;
  }

  private void freeBlock(int block) {
    long address = blocks.address(block);
    livePages -= 1L << blocks.order(block);
    try {
      defects.addDamagedPages(stamps.damagedPages(block, address));
      timed.free(address);
    } catch (IllegalArgumentException e) {
      defects.addRefusedFree(e);
    }
  }

  private Traffic traffic() {
    return new Traffic(
        recording.allocations(),
        frees,
        unmatchedFrees,
        failedAllocations,
        livePagesPeak,
        livePages);
  }

  /** Frees all live blocks and returns whether the allocator then equals a new one. */
  private boolean drain(EndCheck check) {
    for (int block = 0; block < blocks.count(); block++) {
      if (blocks.isLive(block)) {
        blocks.loseAllFrames(block);
        freeBlock(block);
      }
    }
    return defects.expectNone(check.run());
  }
}
