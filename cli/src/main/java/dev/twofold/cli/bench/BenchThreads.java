package dev.twofold.cli.bench;

import java.util.concurrent.ThreadFactory;

/**
 * Who runs a workload.
 *
 * @param count how many threads, 1 to {@link #MOST}
 * @param virtual whether they are virtual threads
 */
public record BenchThreads(int count, boolean virtual) {

  /** As many as may run a workload; a {@link java.util.concurrent.Phaser} holds little more. */
  public static final int MOST = 60_000;

  /**
   * Runs a workload's part in every thread and returns when all have ended. A single platform
   * thread is the calling one: so an allocator that belongs to its maker can be measured too.
   *
   * @throws BenchException the first failure of any thread
   */
  void run(Part part) throws BenchException {
    Crew crew = new Crew(count, kind());
    if (count == 1 && !virtual) {
      crew.guard(() -> part.run(0, crew));
    } else {
      for (int index = 0; index < count; index++) {
        int thread = index;
        crew.start(() -> part.run(thread, crew));
      }
    }
    crew.awaitAll();
  }

  private ThreadFactory kind() {
    return virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
  }
}
