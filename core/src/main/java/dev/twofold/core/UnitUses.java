package dev.twofold.core;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which units of a tree slots draw on: how many slots, order by order. Changed without the tree's
 * lock when a slot lets go.
 */
final class UnitUses {

  private final AtomicIntegerArray uses;
  private final Patience patience;

  /** Says of so many units that nobody draws on them. */
  UnitUses(int count, Patience patience) {
    uses = new AtomicIntegerArray(count);
    this.patience = patience;
  }

  /** Returns for how many units there is room. */
  int count() {
    return uses.length();
  }

  /** Returns whether a slot draws on the unit. */
  boolean isUsed(int unit) {
    return uses.get(unit) > 0;
  }

  /** Says that one more slot draws on the unit. */
  void add(int unit) {
    if (uses.getAndIncrement(unit) == 0) {
      patience.addDrawn(1);
    }
  }

  /** Says that a slot draws on the unit no longer; returns whether no other does. */
  boolean release(int unit) {
    boolean last = uses.getAndUpdate(unit, UnitUses::oneLess) == 1;
    if (last) {
      patience.addDrawn(-1);
    }
    return last;
  }

  /** Says that nobody uses the units any more. */
  void retire() {
    for (int unit = 0; unit < uses.length(); unit++) {
      if (uses.getAndSet(unit, 0) != 0) {
        patience.addDrawn(-1);
      }
    }
  }

  /** Returns those of the units of a word of a summary that no slot draws on, as bits. */
  long unused(int word, long units) {
    long unused = units;
    for (long rest = units; rest != 0; rest &= rest - 1) {
      int unit = ReturnedUnits.firstUnit(word, rest);
      if (unit != ReturnedUnits.WHOLE_UNITS && isUsed(unit)) {
        unused &= ~Long.lowestOneBit(rest);
      }
    }
    return unused;
  }

  private static int oneLess(int uses) {
    return Math.max(0, uses - 1);
  }
}
