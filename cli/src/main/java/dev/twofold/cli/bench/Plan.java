package dev.twofold.cli.bench;

import java.util.SplittableRandom;

/**
 * A circle of operations, drawn beforehand: which slot each one picks, and the order that it
 * allocates there. Immutable; threads share it and begin at different places.
 */
final class Plan {

  /** How many operations are drawn; a power of two. */
  private static final int LENGTH = 1 << 17;

  private static final int ORDER_BITS = 5;

  /**
   * Where threads begin: an odd number, so that the first 2^17 threads begin in different places.
   */
  private static final int STRIDE = 75_437;

  private final int slots;
  private final int[] operations = new int[LENGTH];

  /** Draws the order of an operation. */
  interface Orders {
    int draw(int slot, SplittableRandom random);
  }

  /** Draws a plan over {@code slots} slots; the same one from the same random numbers. */
  Plan(int slots, Orders orders, SplittableRandom random) {
    this.slots = slots;
    for (int step = 0; step < LENGTH; step++) {
      int slot = random.nextInt(slots);
      operations[step] = slot << ORDER_BITS | orders.draw(slot, random);
    }
  }

  /** Geometric orders: half of them 0, a quarter 1, and so on up to {@code largest}. */
  static int geometric(int largest, SplittableRandom random) {
    return Math.min(largest, Long.numberOfTrailingZeros(random.nextLong()));
  }

  int slots() {
    return slots;
  }

  /** Returns the step at which a thread begins. */
  static int start(int thread) {
    return thread * STRIDE & (LENGTH - 1);
  }

  /** Returns operation number {@code step}, counted in a circle. */
  int operation(int step) {
    return operations[step & (LENGTH - 1)];
  }

  static int slot(int operation) {
    return operation >>> ORDER_BITS;
  }

  static int order(int operation) {
    return operation & ((1 << ORDER_BITS) - 1);
  }
}
