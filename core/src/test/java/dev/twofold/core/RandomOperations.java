package dev.twofold.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Seeded lists of operations, and how to make a failing one short. */
final class RandomOperations {

  /** What to do; the number of an operation says to which block, counted among the candidates. */
  enum Kind {
    ALLOCATE,
    FREE,
    ALLOCATE_RUN,
    RESIZE,
    FREE_AGAIN,
    FREE_INSIDE,
    FREE_MISALIGNED,
    FREE_FOREIGN
  }

  /** An operation means something in any list, so that any part of a list can be played. */
  record Operation(Kind kind, int order, int number) {}

  private RandomOperations() {}

  /**
   * Draws operations in phases that rather fill and rather drain, so that both full and empty
   * allocators occur.
   */
  static List<Operation> draw(long seed, int count, int largestOrder) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Operation> operations = new ArrayList<>();
    int allocatePercent = 50;
    for (int index = 0; index < count; index++) {
      if (index % 200 == 0) {
        allocatePercent = random.nextInt(20, 80);
      }
      int order = Math.min(random.nextInt(largestOrder + 2), random.nextInt(largestOrder + 2));
      operations.add(
          new Operation(kind(random, allocatePercent), order, random.nextInt(Integer.MAX_VALUE)));
    }
    return operations;
  }

  private static Kind kind(SplittableRandom random, int allocatePercent) {
    if (random.nextInt(10) == 0) {
      return Kind.values()[random.nextInt(3, Kind.values().length)];
    }
    Kind allocate = random.nextBoolean() ? Kind.ALLOCATE : Kind.ALLOCATE_RUN;
    return random.nextInt(100) < allocatePercent ? allocate : Kind.FREE;
  }

  /**
   * Leaves out operations as long as what is left still fails: first halves, then quarters, and so
   * on to single ones.
   */
  static List<Operation> shrink(List<Operation> failing, Predicate<List<Operation>> fails) {
    List<Operation> shortest = failing;
    for (int chunk = Math.max(1, failing.size() / 2); chunk >= 1; chunk /= 2) {
      for (int start = 0; start < shortest.size(); ) {
        List<Operation> rest = without(shortest, start, chunk);
        if (fails.test(rest)) {
          shortest = rest;
        } else {
          start += chunk;
        }
      }
    }
    return shortest;
  }

  private static List<Operation> without(List<Operation> operations, int start, int count) {
    List<Operation> rest = new ArrayList<>(operations.subList(0, start));
    rest.addAll(operations.subList(Math.min(operations.size(), start + count), operations.size()));
    return rest;
  }
}
