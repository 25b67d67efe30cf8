package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Where threads allocate: for each order the word that served a thread last, so that its next
 * request goes straight there; the unit it draws on, which others leave alone as long as they can;
 * and the blocks of small orders it freed last, as hints. That is all a cache has to be here: it
 * holds no block, only where to look, so nothing is kept from others and nothing is lost with a
 * thread.
 *
 * <p>Functions on the array that all slots lie in. A slot is known by its first cell, so that a
 * thread's id leads straight to what its slot says:
 *
 * <pre>
 *   owner's id, allocations, splits
 *   19 cursors              where requests of an order go
 *    9 units                what requests of a small order draw on
 *    9 masks                other words of the unit that may serve the order
 *    9 depths, 9 tops       of the stacks of recent blocks
 *    9 stacks of 16 cells   NOWHERE, then the blocks; the top stands apart as well
 * </pre>
 *
 * <p>An owned slot belongs to one thread at a time, but may be used by any: words decide who gets a
 * block. Common slots are used by all threads that own none; they are the upper half of the array.
 *
 * <p>Benign races: a cursor may lead to a unit that the slot does not draw on any more; it leads to
 * a word of its tree all the same, and the word says what is free. A stack of a common slot may
 * lose a hint or give it out twice; whoever claims the block first gets it, and what nobody is led
 * to is found when its unit is settled.
 */
final class SlotCells {

  /** Cells of a slot. What is not used keeps slots on cache lines of their own. */
  private static final int STRIDE = 256;

  private static final int OWNER = 0;
  private static final int ALLOCATIONS = 1;
  private static final int SPLITS = 2;
  private static final int CURSORS = 3;
  private static final int UNITS = CURSORS + Orders.COUNT;
  private static final int SERVING = UNITS + Tiers.UNIT_ORDER;
  private static final int DEPTHS = SERVING + Tiers.UNIT_ORDER;
  private static final int TOPS = DEPTHS + Tiers.UNIT_ORDER;
  private static final int STACKS = TOPS + Tiers.UNIT_ORDER;
  private static final int STACK_SHIFT = 4;

  /** How many freed blocks of an order are remembered. */
  private static final int MAX_DEPTH = (1 << STACK_SHIFT) - 1;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private SlotCells() {}

  /** Makes {@code owned} slots, and as many common ones, that point nowhere. */
  static long[] create(int owned) {
    long[] cells = new long[2 * owned * STRIDE];
    for (int slot = 0; slot < cells.length; slot += STRIDE) {
      Arrays.fill(cells, slot + CURSORS, slot + SERVING, Cursor.NOWHERE);
      Arrays.fill(cells, slot + TOPS, slot + STACKS, Cursor.NOWHERE);
      for (int order = 0; order < Tiers.UNIT_ORDER; order++) {
        cells[slot + STACKS + (order << STACK_SHIFT)] = Cursor.NOWHERE;
      }
    }
    return cells;
  }

  /** Returns the slot of that number; owned ones come first. */
  static int slot(int number) {
    return number * STRIDE;
  }

  /** Returns how many slots there are. */
  static int count(long[] cells) {
    return cells.length / STRIDE;
  }

  /** Returns whether the slot belongs to the thread of that id. */
  static boolean isOwnedBy(long[] cells, int slot, long threadId) {
    return get(cells, slot + OWNER) == threadId;
  }

  /** Makes the thread of that id the slot's owner. */
  static void setOwner(long[] cells, int slot, long threadId) {
    set(cells, slot + OWNER, threadId);
  }

  /** Counts an allocation that took that many splits. */
  static void count(long[] cells, int slot, int splits) {
    if (slot < cells.length >>> 1) {
      set(cells, slot + ALLOCATIONS, cells[slot + ALLOCATIONS] + 1);
      set(cells, slot + SPLITS, cells[slot + SPLITS] + splits);
    } else {
      CELL.getAndAdd(cells, slot + ALLOCATIONS, 1L);
      CELL.getAndAdd(cells, slot + SPLITS, (long) splits);
    }
  }

  /** Returns the allocations counted so far in all slots. */
  static long allocations(long[] cells) {
    return sum(cells, ALLOCATIONS);
  }

  /** Returns the splits counted so far in all slots. */
  static long splits(long[] cells) {
    return sum(cells, SPLITS);
  }

  /** Returns where requests of {@code order} go. */
  static long cursor(long[] cells, int slot, int order) {
    return get(cells, slot + CURSORS + order);
  }

  /** Lets requests of {@code order} go elsewhere. */
  static void point(long[] cells, int slot, int order, long cursor) {
    set(cells, slot + CURSORS + order, cursor);
  }

  /** Takes the block of a small order that was noted last, or returns NOWHERE. */
  static long popRecent(long[] cells, int slot, int order) {
    long block = get(cells, slot + TOPS + order);
    if (block != Cursor.NOWHERE) {
      int depth = (int) Math.max(0, get(cells, slot + DEPTHS + order) - 1);
      set(cells, slot + TOPS + order, get(cells, slot + STACKS + (order << STACK_SHIFT) + depth));
      set(cells, slot + DEPTHS + order, depth);
    }
    return block;
  }

  /** Notes a block of a small order that was freed; returns whether there was room. */
  static boolean pushRecent(long[] cells, int slot, int order, long block) {
    int depth = (int) get(cells, slot + DEPTHS + order) + 1;
    if (depth > MAX_DEPTH) {
      return false;
    }
    set(cells, slot + STACKS + (order << STACK_SHIFT) + depth, block);
    set(cells, slot + TOPS + order, block);
    set(cells, slot + DEPTHS + order, depth);
    return true;
  }

  /** Returns which other words of the cursor's unit can serve the order, as bits: a hint. */
  static int serving(long[] cells, int slot, int order) {
    return (int) get(cells, slot + SERVING + order);
  }

  /** Notes which other words of the cursor's unit can serve the order. */
  static void setServing(long[] cells, int slot, int order, int words) {
    set(cells, slot + SERVING + order, words);
  }

  /** Returns a cursor into the unit that requests of a small order draw on, or NOWHERE. */
  static long unit(long[] cells, int slot, int order) {
    return get(cells, slot + UNITS + order);
  }

  /** Lets requests of a small order draw on another unit; returns a cursor into the one before. */
  static long draw(long[] cells, int slot, int order, long cursor) {
    return (long) CELL.getAndSet(cells, slot + UNITS + order, cursor);
  }

  private static long get(long[] cells, int cell) {
    return (long) CELL.getOpaque(cells, cell);
  }

  private static void set(long[] cells, int cell, long value) {
    CELL.setOpaque(cells, cell, value);
  }

  private static long sum(long[] cells, int cell) {
    long sum = 0;
    for (int slot = 0; slot < cells.length; slot += STRIDE) {
      sum += get(cells, slot + cell);
    }
    return sum;
  }
}
