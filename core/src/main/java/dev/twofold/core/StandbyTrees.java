package dev.twofold.core;

import java.util.function.IntToLongFunction;

/**
 * The trees that have free units which the system stands behind, while memory of others or theirs
 * is given back: a request comes there before it uses that. As of the last look at the idle units
 * ({@link GiveBack}), so a hint. For anybody.
 *
 * <p>A tree that has nothing for an order is not asked for that or a larger one until the next
 * look. Benign race: what one thread learns so another one may undo, so a tree may be asked again.
 */
final class StandbyTrees {

  /** How many trees a request asks at most. */
  private static final int MAX_ASKED = 16;

  private static final int[] NO_TREES = {};

  /** A tree is its number, and the least order that it has nothing for at {@link #ORDER_SHIFT}. */
  private static final int ORDER_SHIFT = 16;

  private static final int NUMBER_MASK = Cursor.MAX_TREES - 1;

  private volatile int[] trees = NO_TREES;

  /** Returns whether there are none. */
  boolean isEmpty() {
    return trees.length == 0;
  }

  /** Replaces the trees by those of these numbers, which are asked in that order. */
  void set(int[] numbers) {
    int[] now = numbers.length == 0 ? NO_TREES : new int[numbers.length];
    for (int place = 0; place < now.length; place++) {
      now[place] = numbers[place] | (Orders.COUNT << ORDER_SHIFT);
    }
    trees = now;
  }

  /**
   * Asks some trees one after the other for the page of a block of {@code order}, and returns the
   * first answer that is not {@link TreeArray#NONE}, or that.
   */
  long ask(int order, IntToLongFunction page) {
    int[] now = trees;
    int asked = 0;
    for (int place = 0; place < now.length && asked < MAX_ASKED; place++) {
      int tree = now[place];
      if (order < tree >>> ORDER_SHIFT) {
        long answer = page.applyAsLong(tree & NUMBER_MASK);
        if (answer != TreeArray.NONE) {
          return answer;
        }
        now[place] = (tree & NUMBER_MASK) | (order << ORDER_SHIFT);
        asked++;
      }
    }
    return TreeArray.NONE;
  }
}
