package dev.twofold.bench;

import java.util.SplittableRandom;

/**
 * What the churn benchmark does, drawn beforehand: which slot each operation picks, and the order
 * that it allocates there. Runs in a circle. Orders are geometric: half of the blocks are single
 * pages, a quarter two pages, and so on, up to 2 MiB.
 */
final class ChurnPlan {

  /** How many blocks are alive. */
  static final int SLOTS = 8192;

  /** The largest order. */
  static final int LARGEST_ORDER = 9;

  /** How many operations are drawn; a power of two. */
  static final int LENGTH = 1 << 17;

  private static final int ORDER_BITS = 4;

  private final int[] operations = new int[LENGTH];

  /** Draws a plan; the same one from the same seed. */
  ChurnPlan(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int step = 0; step < LENGTH; step++) {
      operations[step] = random.nextInt(SLOTS) << ORDER_BITS | orderFrom(random.nextLong());
    }
  }

  /** Returns the order that stands for a random number: its trailing zeros, as far as allowed. */
  static int orderFrom(long random) {
    return Math.min(LARGEST_ORDER, Long.numberOfTrailingZeros(random));
  }

  /** Returns operation number {@code step}, counted in a circle. */
  int operation(int step) {
    return operations[step & (LENGTH - 1)];
  }

  /** Returns the slot that {@code operation} picks. */
  static int slot(int operation) {
    return operation >>> ORDER_BITS;
  }

  /** Returns the order that {@code operation} allocates. */
  static int order(int operation) {
    return operation & ((1 << ORDER_BITS) - 1);
  }
}
