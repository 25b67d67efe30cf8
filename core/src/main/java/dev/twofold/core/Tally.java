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

  /** Pages of committed units, and of units that were given back and not committed since. */
  long committed;

  long givenBack;

  /** Calls that gave memory back so far, and how many pages. */
  long decommits;

  long givenBackSoFar;

  /** Blocks, free and allocated ones. */
  private long blocks;

  /** Adds the figures of a tree; if it is not online, its free blocks are of no use. */
  void add(Tally tree, boolean online) {
    for (int order = 0; order < Orders.COUNT; order++) {
      freeBlocks[order] += online ? tree.freeBlocks[order] : 0;
      allocatedBlocks[order] += tree.allocatedBlocks[order];
      initialBlocks[order] += tree.initialBlocks[order];
      blocks += tree.freeBlocks[order] + tree.allocatedBlocks[order];
    }
    runs += tree.runs;
    runBlocks += tree.runBlocks;
    committed += tree.committed;
    givenBack += tree.givenBack;
    addSoFar(tree);
  }

  /** Adds what was done so far in a tree, which stays true when the tree is gone. */
  void addSoFar(Tally tree) {
    splits += tree.splits;
    decommits += tree.decommits;
    givenBackSoFar += tree.givenBackSoFar;
  }

  /** Returns the frees so far: what was allocated and is not any more. */
  long frees() {
    return allocations - (Arrays.stream(allocatedBlocks).sum() - runBlocks + runs);
  }

  /**
   * Returns the merges so far: every split makes one block more, every merge one less. A split that
   * was not counted takes a merge back.
   */
  long merges() {
    return splits + Arrays.stream(initialBlocks).sum() - blocks;
  }
}
