package dev.twofold.cli.replay;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;

/** Has several parts done at once, each in a thread of its own, and the first failure told. */
final class LaneThreads {

  private final List<Runnable> parts;
  private final Runnable stop;
  private final Phaser start = new Phaser(1);
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /** Prepares parts; {@code stop} is called when one has failed, so that the others end too. */
  LaneThreads(List<Runnable> parts, Runnable stop) {
    this.parts = parts;
    this.stop = stop;
  }

  /**
   * Has all parts begin together and returns when all have ended. A single one is done by the
   * calling thread.
   *
   * @return the time from the beginning to the last end, in nanoseconds
   * @throws RejectedExecutionException if the system has no thread left; the message is a sentence
   */
  long run() {
    if (parts.size() == 1) {
      long startNanos = System.nanoTime();
      parts.getFirst().run();
      return System.nanoTime() - startNanos;
    }
    long startNanos;
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      startAll(threads);
      startNanos = System.nanoTime();
      start.arrive();
    }
    long nanos = System.nanoTime() - startNanos;
    throwFirstFailure();
    return nanos;
  }

  private void startAll(ExecutorService threads) {
    try {
      parts.forEach(part -> threads.execute(() -> guard(part)));
    } catch (OutOfMemoryError e) {
      fail(
          new RejectedExecutionException(
              "%d threads don't fit into the process (%s): give fewer --threads."
                  .formatted(parts.size(), e.getMessage())));
    }
  }

  private void guard(Runnable part) {
    start.awaitAdvance(0);
    try {
      part.run();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable failure) {
    failures.add(failure);
    stop.run();
  }

  private void throwFirstFailure() {
    Throwable first = failures.peek();
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
    if (first instanceof Error error) {
      throw error;
    }
  }
}
