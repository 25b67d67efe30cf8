package dev.twofold.core;

/** Figures being added up over trees; {@link AllocatorStats} is the finished sum. */
final class Tally {

  final long[] freeBlocks = new long[Orders.COUNT];
  final long[] allocatedBlocks = new long[Orders.COUNT];
  long allocations;
  long frees;
  long splits;
  long merges;
}
