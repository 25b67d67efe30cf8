package dev.twofold.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the same task on many threads at once and passes on the first failure. */
final class Threads {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What one thread does; {@code thread} counts from 0. */
  interface Task {
    void run(int thread) throws Exception;
  }

  private Threads() {}

  /** Runs the task on threads of either kind. */
  static void run(boolean virtual, int count, Task task) {
    if (virtual) {
      virtual(count, task);
    } else {
      platform(count, task);
    }
  }

  static void platform(int count, Task task) {
    try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
      run(executor, count, task);
    }
  }

  static void virtual(int count, Task task) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      run(executor, count, task);
    }
  }

  /** Waits until the thread has ended. */
  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** For loops of threads that may not wait, where there may be one processor for all. */
  @SuppressWarnings("ThreadPriorityCheck")
  static void letOthersRun() {
    Thread.yield();
  }

  private static void run(ExecutorService executor, int count, Task task) {
    List<Future<?>> futures = new ArrayList<>();
    for (int thread = 0; thread < count; thread++) {
      int number = thread;
      futures.add(
          executor.submit(
              () -> {
                task.run(number);
                return number;
              }));
    }
    try {
      List<Throwable> failures = new ArrayList<>();
      for (Future<?> future : futures) {
        failureOf(future).ifPresent(failures::add);
      }
      passOn(failures);
    } catch (TimeoutException e) {
      throw new AssertionError("a thread hangs", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      executor.shutdownNow();
    }
  }

  private static Optional<Throwable> failureOf(Future<?> future)
      throws InterruptedException, TimeoutException {
    try {
      future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.ofNullable(e.getCause());
    }
  }

  /** A broken barrier is what the other threads see of the failure that matters. */
  private static void passOn(List<Throwable> failures) {
    failures.sort(Comparator.comparing(BrokenBarrierException.class::isInstance));
    if (!failures.isEmpty()) {
      Throwable first = failures.getFirst();
      throw new AssertionError(failures.size() + " threads failed, first: " + first, first);
    }
  }
}
