package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;

/** Live blocks of which one after the other is replaced, as a plan says. */
final class Slots {

  private final BuddyAllocator allocator;
  private final Plan plan;
  private final long[] blocks;

  /** Allocates a block in every slot, whose order is a function of the slot's number. */
  Slots(BuddyAllocator allocator, Plan plan, IntUnaryOperator orders) {
    this.allocator = allocator;
    this.plan = plan;
    blocks = new long[plan.slots()];
    for (int slot = 0; slot < blocks.length; slot++) {
      blocks[slot] = allocator.allocatePages(orders.applyAsInt(slot));
    }
  }

  /** Does {@code count} operations of the plan: frees what is in the slot, allocates another. */
  void replace(int start, int count) {
    for (int step = start, end = start + count; step != end; step++) {
      int operation = plan.operation(step);
      int slot = Plan.slot(operation);
      allocator.freePages(blocks[slot]);
      blocks[slot] = allocator.allocatePages(Plan.order(operation));
    }
  }

  /** The same, and writes a byte into each block that it allocates. */
  void replaceAndWrite(int start, int count) {
    for (int step = start, end = start + count; step != end; step++) {
      int operation = plan.operation(step);
      int slot = Plan.slot(operation);
      allocator.freePages(blocks[slot]);
      long block = allocator.allocatePages(Plan.order(operation));
      allocator.segment(block).set(ValueLayout.JAVA_BYTE, 0, (byte) step);
      blocks[slot] = block;
    }
  }

  /** Frees the blocks of all slots. */
  void free() {
    for (long block : blocks) {
      allocator.freePages(block);
    }
  }
}
