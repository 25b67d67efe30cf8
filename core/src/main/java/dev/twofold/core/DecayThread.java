package dev.twofold.core;

import java.lang.ref.WeakReference;
import java.time.Duration;

/**
 * The thread that has an allocator's memory decay: one for each allocator that asks for it, a
 * daemon that sleeps most of the time. It ends when it is interrupted, which closing the allocator
 * does, and when the allocator is forgotten, which it does not keep from happening. The first
 * exception that a region throws goes to the thread's uncaught exception handler.
 */
final class DecayThread implements Runnable {

  /** How often the free units are looked at within the decay time. */
  private static final int LOOKS = 8;

  private static final long MIN_SLEEP_NANOS = 1_000_000;

  private final WeakReference<GiveBack> giveBack;
  private final long decayNanos;

  /** Whether a failure was told; what fails once does so again and again. */
  private boolean told;

  private DecayThread(GiveBack giveBack, Duration decay) {
    this.giveBack = new WeakReference<>(giveBack);
    this.decayNanos = decay.toNanos();
  }

  /** Starts the thread. */
  static Thread start(GiveBack giveBack, Duration decay) {
    return Thread.ofPlatform()
        .daemon()
        .name("twofold-decay")
        .start(new DecayThread(giveBack, decay));
  }

  @Override
  public void run() {
    try {
      do {
        Thread.sleep(Duration.ofNanos(Math.max(MIN_SLEEP_NANOS, decayNanos / LOOKS)));
      } while (look());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean look() {
    GiveBack strong = giveBack.get();
    if (strong == null) {
      return false;
    }
    try {
      long now = strong.now();
      strong.giveBack(now, now - decayNanos);
    } catch (RuntimeException e) {
      tell(e);
    }
    return true;
  }

  /** What a region throws is no reason to keep the memory of others: the thread goes on. */
  private void tell(RuntimeException e) {
    if (!told) {
      told = true;
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
