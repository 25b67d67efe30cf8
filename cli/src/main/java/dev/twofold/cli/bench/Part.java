package dev.twofold.cli.bench;

/** What one thread of a workload does. */
interface Part {

  /**
   * Does it.
   *
   * @param thread the thread's number, from 0
   * @param crew the threads that do the same
   */
  void run(int thread, Crew crew);
}
