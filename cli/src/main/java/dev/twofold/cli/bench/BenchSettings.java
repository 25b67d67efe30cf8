package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.SplittableRandom;

/**
 * How a workload is run.
 *
 * @param memory what it allocates from
 * @param threads who runs it
 * @param effort how much is done
 * @param order the size class
 * @param seed where all random numbers come from
 * @param shattered whether memory is in pieces before the mix begins
 */
public record BenchSettings(
    BenchMemory memory,
    BenchThreads threads,
    Effort effort,
    int order,
    long seed,
    boolean shattered) {

  /** Random numbers of a thread, or of whatever else has a number of its own. */
  SplittableRandom random(int number) {
    return new SplittableRandom(seed * 31 + number);
  }

  /**
   * Returns how many blocks each thread may hold if all hold as many, or a share of that.
   *
   * @param percent the share
   * @throws BenchException if there is none
   */
  int blocksPerThread(int percent) throws BenchException {
    long blocks = memory.blocks(order) / threads.count() * percent / 100;
    return requireSome(blocks, percent + " % of a thread's share");
  }

  /** The operations of each thread, all of them doing {@code usual} unless told otherwise. */
  int operationsPerThread(long usual) throws BenchException {
    long operations = effort.operations().orElse(usual) / threads.count();
    return requireSome(operations, "a thread's share of the operations");
  }

  /** Returns the order if there are {@code more} orders above it. */
  int requireOrdersAbove(int more) throws BenchException {
    if (order + more > BuddyAllocator.MAX_ORDER) {
      throw BenchException.refusal(
          "this workload takes blocks up to %d orders above --order, which must be %d or less."
              .formatted(more, BuddyAllocator.MAX_ORDER - more));
    }
    return order;
  }

  /** Refuses an allocator that is confined to one thread. */
  void requireShared() throws BenchException {
    if (memory.confined()) {
      throw BenchException.refusal(
          "this workload hands its blocks to new threads, which a confined allocator refuses: leave out --confined.");
    }
  }

  /** Returns {@code count} if it is at least 1 and fits into an array. */
  int requireSome(long count, String what) throws BenchException {
    if (count < 1) {
      throw BenchException.refusal(
          "at order %d with --threads %d, %s is less than one: give more --memory, or fewer threads."
              .formatted(order, threads.count(), what));
    }
    if (count > Integer.MAX_VALUE / 2) {
      throw BenchException.refusal("%s is more than can be counted: %d.".formatted(what, count));
    }
    return (int) count;
  }
}
