package dev.twofold.cli.bench;

import dev.twofold.core.OutOfPagesException;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads of one run: lets them begin each phase together, and ends all when one fails.
 *
 * <p>To line up, threads first meet at a {@link CyclicBarrier}, where who waits sleeps at once: the
 * others need the processors, and their time is taken. As it wakes them one after the other, and a
 * phase may be shorter than that takes, they then wait for each other once more without sleeping,
 * unless there are more threads than processors.
 */
final class Crew {

  private final int count;
  private final ThreadFactory kind;
  private final CyclicBarrier meeting;
  private final AtomicLong awake = new AtomicLong();
  private final boolean waitsAwake;
  private final Phaser alive = new Phaser(1);

  /** How often all have lined up. None can do so again before all have read it. */
  private final AtomicInteger phase = new AtomicInteger();

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /** Makes a crew of {@code count} threads of a kind, none of which runs yet. */
  Crew(int count, ThreadFactory kind) {
    this.count = count;
    this.kind = kind;
    meeting = new CyclicBarrier(count, phase::incrementAndGet);
    waitsAwake = count > 1 && count <= Runtime.getRuntime().availableProcessors();
  }

  /** Starts one more thread, which {@link #awaitAll} waits for. */
  void start(Runnable work) {
    alive.register();
    try {
      kind.newThread(
              () -> {
                guard(work);
                alive.arriveAndDeregister();
              })
          .start();
    } catch (OutOfMemoryError e) {
      fail(e); // The system has no thread left.
      alive.arriveAndDeregister();
    }
  }

  /** Runs something whose failure ends the run; the first failure is the one that is told. */
  void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /**
   * Waits until all threads have come here.
   *
   * @throws CancellationException if one of them failed
   */
  void lineUp() {
    meet();
    if (waitsAwake) {
      long all = (long) phase.get() * count;
      awake.incrementAndGet();
      while (awake.get() < all && failures.isEmpty()) { // The barrier would take its lock.
        Thread.onSpinWait();
      }
    }
  }

  private void meet() {
    try {
      meeting.await();
    } catch (BrokenBarrierException | InterruptedException e) {
      throw (CancellationException) new CancellationException("another thread failed").initCause(e);
    }
  }

  /** Waits until all threads have ended. */
  void awaitAll() throws BenchException {
    alive.arriveAndAwaitAdvance();
    for (Throwable failure : failures) {
      throw sentence(failure);
    }
  }

  private void fail(Throwable failure) {
    failures.add(failure);
    Thread.currentThread().interrupt(); // Who comes interrupted breaks the barrier for good.
    try {
      meeting.await();
    } catch (BrokenBarrierException | InterruptedException e) {
      Thread.interrupted(); // Or a barrier that was broken before would leave it so.
    }
  }

  private BenchException sentence(Throwable failure) {
    if (failure instanceof OutOfPagesException) {
      return BenchException.refusal(
          "the memory is too small for this workload with --threads %d: %s."
              .formatted(count, failure.getMessage()));
    }
    if (failure instanceof OutOfMemoryError) {
      return BenchException.refusal(
          "%d threads don't fit into the process (%s).".formatted(count, failure.getMessage()));
    }
    return BenchException.failure("a thread of the workload failed: %s.".formatted(failure));
  }
}
