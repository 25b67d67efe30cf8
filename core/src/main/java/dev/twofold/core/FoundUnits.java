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
  private boolean gaveBack;

  /** Returns the idle units of a group, as bits. */
  int idle(int group) {
    return idle[group];
  }

  /** Leaves some units of a group out from now on. */
  void leaveOut(int group, int units) {
    idle[group] &= ~units;
  }

  /**
   * Returns how many units are needed: used, or free but not idle, or in free blocks too small to
   * be given back.
   */
  int needed() {
    return needed;
  }

  /** Returns whether some units of the tree were given back before. */
  boolean gaveBack() {
    return gaveBack;
  }

  /** Says whether some units of the tree were given back. */
  void setGaveBack(boolean some) {
    gaveBack = some;
  }

  /** Returns whether any unit is idle. */
  boolean haveIdle() {
    return idleCount() > 0;
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
    return free > idleCount();
  }

  private int idleCount() {
    return Arrays.stream(idle).map(Integer::bitCount).sum();
  }
}
