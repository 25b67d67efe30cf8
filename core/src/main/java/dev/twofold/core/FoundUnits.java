package dev.twofold.core;

import java.util.Arrays;

/**
 * The units of a tree that were found idle, and how many others its load needs: what {@link
 * IdleUnits} tells at one moment. For one thread.
 */
final class FoundUnits {

  private final int[] idle = new int[WholeUnits.GROUPS];
  private int needed;
  private int free;

  /** Returns the idle units of a group, as bits. */
  int idle(int group) {
    return idle[group];
  }

  /** Leaves some units of a group out from now on. */
  void leaveOut(int group, int units) {
    idle[group] &= ~units;
  }

  /** Returns how many units are used, or were within the decay time. */
  int needed() {
    return needed;
  }

  /** Adds units that are used. */
  void addUsed(int count) {
    needed += count;
  }

  /** Adds units of a group that are free and that the system stands behind, some of them idle. */
  void addFree(int group, int units, int idleUnits) {
    idle[group] = idleUnits;
    free += Integer.bitCount(units);
    needed += Integer.bitCount(units & ~idleUnits);
  }

  /** Returns whether there are free units that the system stands behind and that stay. */
  boolean haveSpare() {
    return free > Arrays.stream(idle).map(Integer::bitCount).sum();
  }
}
