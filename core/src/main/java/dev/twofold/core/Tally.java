package dev.twofold.core;

import java.util.Arrays;

/** Figures being added up over trees; {@link AllocatorStats} is the finished sum. */
final class Tally {

  final long[] freeBlocks = new long[Orders.COUNT];
  final long[] allocatedBlocks = new long[Orders.COUNT];

  /** The free blocks of each order when nothing was allocated yet. */
  final long[] initialBlocks = new long[Orders.COUNT];

  /** Runs, and the blocks that they are made of, which are among those allocated. */
  long runs;

  long runBlocks;

  long allocations;
  long splits;

  /** Returns the frees so far: what was allocated and is not any more. */
  long frees() {
    return allocations - (Arrays.stream(allocatedBlocks).sum() - runBlocks + runs);
  }

  /** Returns the merges so far: every split makes one block more, every merge one less. */
  long merges() {
    long blocks = Arrays.stream(freeBlocks).sum() + Arrays.stream(allocatedBlocks).sum();
    return splits + Arrays.stream(initialBlocks).sum() - blocks;
  }
}
