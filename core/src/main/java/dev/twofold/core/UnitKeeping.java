package dev.twofold.core;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Whether units of a tree are kept from everybody while their memory is given back. Whoever keeps
 * some holds a lock until they are released, which is taken before the lock of the tree; so others
 * can wait for the release, or see to it that none are kept. Safe for use by any thread.
 */
final class UnitKeeping {

  private final ReentrantLock lock = new ReentrantLock();

  /** Set under both locks, and cleared before this one is let go of. */
  private volatile boolean keeps;

  /** Returns the units that {@code keep} kept; if there are any, {@link #end} must follow. */
  int begin(IntSupplier keep) {
    lock.lock();
    int kept = 0;
    try {
      kept = keep.getAsInt();
      return kept;
    } finally {
      if (kept == 0) {
        lock.unlock();
      }
    }
  }

  /** Says, under the tree's lock, that units are kept. */
  void setKept() {
    keeps = true;
  }

  /** Releases what was kept. Who asks while that is under way waits once for nothing. */
  void end(Runnable release) {
    try {
      release.run();
    } finally {
      keeps = false;
      lock.unlock();
    }
  }

  /**
   * Returns whether units are kept by another thread; while the tree's lock is held, none begins.
   */
  boolean isKeptByAnother() {
    return keeps && !lock.isHeldByCurrentThread();
  }

  /** Waits until no units are kept; returns whether there were any. */
  boolean await() {
    if (!keeps) {
      return false;
    }
    prevent();
    allow();
    return true;
  }

  /** Waits until no units are kept, and lets nobody keep any. */
  void prevent() {
    lock.lock();
  }

  /** Lets units be kept again. */
  void allow() {
    lock.unlock();
  }
}
