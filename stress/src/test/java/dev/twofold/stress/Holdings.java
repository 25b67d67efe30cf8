package dev.twofold.stress;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What the threads of a model hold. Each thread frees its own blocks only, so that what it holds is
 * known to the specification. Pages know their owner: a page that is handed out twice throws.
 */
final class Holdings {

  /** Threads that a model may have. */
  static final int THREADS = 4;

  private static final int TREE_PAGES = 1 << 10;
  private static final int NOBODY = 0;

  private record Block(long address, int order) {}

  private final Memory memory;
  private final List<Deque<Block>> blocks = new ArrayList<>();
  private final AtomicIntegerArray owners = new AtomicIntegerArray(2 * TREE_PAGES);

  Holdings(Memory memory) {
    this.memory = memory;
    for (int thread = 0; thread < THREADS; thread++) {
      blocks.add(new ArrayDeque<>());
    }
  }

  /** Allocates a block for a thread; returns whether there was one. */
  boolean allocate(int thread, int order) {
    long address = memory.take(order);
    if (address == Memory.NONE) {
      return false;
    }
    Block block = new Block(address, order);
    pass(block, NOBODY, thread + 1);
    blocks.get(thread).push(block);
    return true;
  }

  /** Frees the block that the thread allocated last, if it has one; returns whether it has. */
  boolean free(int thread) {
    Block block = blocks.get(thread).poll();
    if (block == null) {
      return false;
    }
    pass(block, thread + 1, NOBODY);
    if (!memory.give(block.address())) {
      throw new IllegalStateException("an allocated block was refused: " + block);
    }
    return true;
  }

  /** The first and the last page tell of any overlap of aligned blocks. */
  private void pass(Block block, int from, int to) {
    int first = index(block.address());
    int last = first + (1 << block.order()) - 1;
    boolean passed = owners.compareAndSet(first, from, to);
    if (last != first) {
      passed &= owners.compareAndSet(last, from, to);
    }
    if (!passed) {
      throw new IllegalStateException("a page has two owners: " + block);
    }
  }

  private static int index(long address) {
    int tree = (int) (address / Memory.address(1, 0));
    return tree * TREE_PAGES + (int) (address - Memory.address(tree, 0));
  }
}
