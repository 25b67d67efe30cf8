package dev.twofold.core;

/**
 * The units of a tree that were found idle, and how many others its load needs: what {@link
 * IdleUnits} tells at one moment. For one thread.
 */
final class FoundUnits {

  private final int[] idle = new int[WholeUnits.GROUPS];
  private int needed;

  /** Returns the idle units of a group, as bits. */
  int idle(int group) {
    return idle[group];
  }

  /** Adds idle units of a group. */
  void addIdle(int group, int units) {
    idle[group] |= units;
  }

  /** Leaves some units of a group out from now on. */
  void leaveOut(int group, int units) {
    idle[group] &= ~units;
  }

  /** Returns how many units are used, or were within the decay time. */
  int needed() {
    return needed;
  }

  /** Adds to what is needed. */
  void addNeeded(int count) {
    needed += count;
  }
}
