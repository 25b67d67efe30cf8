package dev.twofold.core;

/**
 * What is whole in a tree, as one {@code int}: how many units are free, how many are broken up, and
 * the order of the largest block of whole units. {@link UnitProfile} says the same of a unit.
 */
final class WholeProfile {

  private static final int BROKEN_SHIFT = 10;
  private static final int ORDER_SHIFT = 20;
  private static final int UNITS_MASK = (1 << BROKEN_SHIFT) - 1;

  private WholeProfile() {}

  /**
   * Puts a profile together.
   *
   * @param largest the order of the largest free block of whole units, or -1
   * @param freeUnits how many units are free, up to 512
   * @param brokenUnits how many units are broken up, up to 512
   */
  static int of(int largest, int freeUnits, int brokenUnits) {
    return ((largest + 1) << ORDER_SHIFT) | (brokenUnits << BROKEN_SHIFT) | freeUnits;
  }

  /** Returns the order of the largest free block of whole units, or -1. */
  static int largestFreeOrder(int profile) {
    return (profile >>> ORDER_SHIFT) - 1;
  }

  /** Returns how many units are free. */
  static int freeUnits(int profile) {
    return profile & UNITS_MASK;
  }

  /** Returns how many units are broken up. */
  static int brokenUnits(int profile) {
    return (profile >>> BROKEN_SHIFT) & UNITS_MASK;
  }
}
