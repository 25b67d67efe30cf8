package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;

/** Live blocks of which one after the other is replaced, as a plan says. */
final class Slots {

  /**
   * How many elements are unused at either end of the array. Threads that run at the same time were
   * made one after the other; if the few blocks of one stood in the same cache line as those of the
   * next, each store would wait for the other thread's, and that would be measured.
   */
  private static final int END = 16;

  private final BuddyAllocator allocator;
  private final Plan plan;
  private final long[] blocks;

  /** Allocates a block in every slot, whose order is a function of the slot's number. */
  Slots(BuddyAllocator allocator, Plan plan, IntUnaryOperator orders) {
    this.allocator = allocator;
    this.plan = plan;
    blocks = new long[END + plan.slots() + END];
    for (int slot = 0; slot < plan.slots(); slot++) {
      blocks[END + slot] = allocator.allocatePages(orders.applyAsInt(slot));
    }
  }

  /** Does {@code count} operations of the plan: frees what is in the slot, allocates another. */
  void replace(int start, int count) {
    for (int step = start, end = start + count; step != end; step++) {
      int operation = plan.operation(step);
      int at = END + Plan.slot(operation);
      allocator.freePages(blocks[at]);
      blocks[at] = allocator.allocatePages(Plan.order(operation));
    }
  }

  /** The same, and writes a byte into each block that it allocates. */
  void replaceAndWrite(int start, int count) {
    for (int step = start, end = start + count; step != end; step++) {
      int operation = plan.operation(step);
      int at = END + Plan.slot(operation);
      allocator.freePages(blocks[at]);
      long block = allocator.allocatePages(Plan.order(operation));
      allocator.segment(block).set(ValueLayout.JAVA_BYTE, 0, (byte) step);
      blocks[at] = block;
    }
  }

  /** Frees the blocks of all slots. */
  void free() {
    for (int slot = 0; slot < plan.slots(); slot++) {
      allocator.freePages(blocks[END + slot]);
    }
  }
}
