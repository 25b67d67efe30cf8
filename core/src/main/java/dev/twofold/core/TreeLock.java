package dev.twofold.core;

import java.util.concurrent.locks.StampedLock;

/**
 * The lock of a tree. What it guards is done in a microsecond or so, and to put a thread to sleep
 * and wake it takes several; so who finds it taken looks again for about as long as that before it
 * sleeps. Who holds it may have been descheduled: then others sleep and leave it a processor.
 */
final class TreeLock {

  /** Looks, each some tens of nanoseconds apart. */
  private static final int LOOKS = 300;

  private final StampedLock lock = new StampedLock();

  /** Waits for the lock and takes it; returns the stamp to {@link #unlock} it with. */
  long lock() {
    long stamp = lock.tryWriteLock();
    return stamp != 0 ? stamp : lockTaken();
  }

  /** Lets go of the lock. */
  void unlock(long stamp) {
    lock.unlockWrite(stamp);
  }

  /** Returns whether some thread holds the lock. */
  boolean isLocked() {
    return lock.isWriteLocked();
  }

  private long lockTaken() {
    for (int look = 0; look < LOOKS; look++) {
      Thread.onSpinWait();
      long stamp = lock.tryWriteLock();
      if (stamp != 0) {
        return stamp;
      }
    }
    return lock.writeLock();
  }
}
