package dev.twofold.cli.replay;

import dev.twofold.core.BuddyAllocator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.concurrent.IdleStrategy;

/**
 * Where each block was allocated, or that it was refused: told by the thread that asked for it to
 * the one that frees it, together with all that was written to the block before.
 *
 * <p>Waiting for a block cannot end in a deadlock. A block is asked for before it is freed in
 * recorded order, and every thread does its part in recorded order. So of all operations that are
 * not done, the first in recorded order waits for nobody.
 */
final class Addresses {

  private static final long NOT_TOLD = 0;

  /** Added to addresses and to {@code NO_PAGES}, -1, so that none of them is {@link #NOT_TOLD}. */
  private static final long OFFSET = 2;

  private final AtomicLongArray told;
  private volatile boolean givenUp;

  Addresses(int blocks) {
    told = new AtomicLongArray(blocks);
  }

  /** Tells a block's address, or {@code NO_PAGES}. */
  void tell(int block, long address) {
    told.setRelease(block, address + OFFSET);
  }

  /**
   * Waits until a block's address is told, and returns it.
   *
   * @throws CancellationException if the wait was given up
   */
  long await(int block, IdleStrategy patience) {
    long found = told.getAcquire(block);
    if (found == NOT_TOLD) {
      patience.reset();
      do {
        if (givenUp) {
          throw new CancellationException("another thread failed");
        }
        patience.idle();
        found = told.getAcquire(block);
      } while (found == NOT_TOLD);
    }
    return found - OFFSET;
  }

  /** Ends all waiting, now and in future: somebody who would have told has failed. */
  void giveUp() {
    givenUp = true;
  }

  /** Returns whether a block was refused. */
  boolean isRefused(int block) {
    return told.getAcquire(block) - OFFSET == BuddyAllocator.NO_PAGES;
  }
}
