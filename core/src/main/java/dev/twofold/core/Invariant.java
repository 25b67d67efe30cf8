package dev.twofold.core;

import java.util.Arrays;

/** A statement about the metadata that must hold; {@code validate()} is made of these. */
final class Invariant {

  private Invariant() {}

  /**
   * Throws an {@link AssertionError} if the invariant does not hold.
   *
   * @param holds whether it holds
   * @param violation what is wrong if it does not
   * @param where numbers that say where: pages, slots, orders, counts
   */
  static void hold(boolean holds, String violation, long... where) {
    if (!holds) {
      throw new AssertionError("corrupt metadata: " + violation + " " + Arrays.toString(where));
    }
  }
}
