package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.SplittableRandom;

/**
 * One thread's part of an array of blocks, and the loops that are timed over it: straight, and
 * without garbage.
 */
final class Share {

  private final BuddyAllocator allocator;
  private final long[] blocks;
  private final int from;
  private final int to;

  /** Takes the elements from {@code from} (inclusive) to {@code to} (exclusive). */
  Share(BuddyAllocator allocator, long[] blocks, int from, int to) {
    this.allocator = allocator;
    this.blocks = blocks;
    this.from = from;
    this.to = to;
  }

  /** Makes a share of {@code count} blocks with an array of its own. */
  static Share of(BuddyAllocator allocator, int count) {
    return new Share(allocator, new long[count], 0, count);
  }

  /** The {@code count} elements from number {@code first} of this share on. */
  Share part(int first, int count) {
    return new Share(allocator, blocks, from + first, from + first + count);
  }

  int size() {
    return to - from;
  }

  /** Allocates all blocks. */
  void allocate(int order) {
    for (int index = from; index < to; index++) {
      blocks[index] = allocator.allocatePages(order);
    }
  }

  /** Frees all blocks, the one that was allocated last first. */
  void freeLifo() {
    for (int index = to - 1; index >= from; index--) {
      allocator.freePages(blocks[index]);
    }
  }

  /** Frees all blocks in the order they were allocated. */
  void freeFifo() {
    for (int index = from; index < to; index++) {
      allocator.freePages(blocks[index]);
    }
  }

  /** Frees {@code count} random blocks, some maybe again, and each time allocates another. */
  void replace(int count, int order, SplittableRandom random) {
    for (int step = 0; step < count; step++) {
      int index = random.nextInt(from, to);
      allocator.freePages(blocks[index]);
      blocks[index] = allocator.allocatePages(order);
    }
  }

  /** Puts the blocks into random order. */
  void shuffle(SplittableRandom random) {
    draw(size(), random);
  }

  /** Moves {@code count} random blocks to the end. */
  void draw(int count, SplittableRandom random) {
    for (int last = to - 1; last >= to - count; last--) {
      int index = random.nextInt(from, last + 1);
      long block = blocks[index];
      blocks[index] = blocks[last];
      blocks[last] = block;
    }
  }
}
