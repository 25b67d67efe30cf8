package dev.twofold.core;

import java.util.Arrays;

/**
 * One metadata word for every page of a tree, and one for the head of every stripe's list. A word
 * is 64 bits, two {@code int}s side by side:
 *
 * <pre>
 *                                             low int            high int
 *  first page of a free block                 next slot          previous slot
 *  first page of an allocated block           -1 - order         0
 *  any other page                             0                  0
 *  head of a list (slots behind the pages)    first slot         last slot
 * </pre>
 *
 * <p>Links are slots of this table ({@link PlainLayout}), never addresses: the lists live outside
 * the pages they list, so free pages need not be touched, nor be memory at all. A low int is
 * negative if and only if an allocated block starts at the page, so a double free and an address
 * inside a block are seen in one read. Not thread-safe.
 */
final class PlainPageTable {

  private static final int NOTHING = 0;

  private final int[] ints;

  PlainPageTable(int slotCount) {
    ints = new int[2 * slotCount];
  }

  int next(int slot) {
    return ints[2 * slot];
  }

  int previous(int slot) {
    return ints[2 * slot + 1];
  }

  /** Makes {@code next} the follower of {@code previous}, and the other way round. */
  void join(int previous, int next) {
    ints[2 * previous] = next;
    ints[2 * next + 1] = previous;
  }

  void setAllocated(int slot, int order) {
    ints[2 * slot] = -1 - order;
    ints[2 * slot + 1] = NOTHING;
  }

  /** Returns whether an allocated block starts at the page of {@code slot}. */
  boolean isAllocated(int slot) {
    return ints[2 * slot] < 0;
  }

  /** Returns the order of the allocated block that starts at the page of {@code slot}. */
  int allocatedOrder(int slot) {
    return -1 - ints[2 * slot];
  }

  void clear(int slot) {
    ints[2 * slot] = NOTHING;
    ints[2 * slot + 1] = NOTHING;
  }

  /** Returns whether no block starts at the page of {@code slot}, as far as its word tells. */
  boolean isClear(int slot) {
    return next(slot) == NOTHING && previous(slot) == NOTHING;
  }

  /** Returns a hash of all words. */
  long digest() {
    return Arrays.hashCode(ints);
  }
}
