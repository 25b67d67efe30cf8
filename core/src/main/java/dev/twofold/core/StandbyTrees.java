package dev.twofold.core;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * The trees that have free units which the system stands behind: a request that another tree would
 * serve with what was given back comes there first. As of the last look at the idle units ({@link
 * GiveBack}), so a hint. For anybody.
 */
final class StandbyTrees {

  /** How many trees a request asks. */
  private static final int MAX_ASKED = 4;

  private static final int[] NO_TREES = {};

  private volatile int[] trees = NO_TREES;

  /** Returns whether there are none. */
  boolean isEmpty() {
    return trees.length == 0;
  }

  /** Replaces the trees by those of these numbers, which are asked in that order. */
  void set(int[] numbers) {
    trees = numbers.length == 0 ? NO_TREES : numbers;
  }

  /**
   * Asks some trees one after the other for a page, and returns the first answer that is not {@link
   * TreeArray#NONE}, or that.
   *
   * @param forgets whether a tree that has none is not asked again until the next look
   */
  long ask(IntToLongFunction page, boolean forgets) {
    int[] now = trees;
    for (int place = 0; place < Math.min(now.length, MAX_ASKED); place++) {
      long answer = page.applyAsLong(now[place]);
      if (answer != TreeArray.NONE) {
        return answer;
      }
      if (forgets) {
        forget(now[place]);
      }
    }
    return TreeArray.NONE;
  }

  /** Benign race: what others forget or set at the same time may not be. */
  private void forget(int number) {
    set(Arrays.stream(trees).filter(other -> other != number).toArray());
  }
}
