package dev.twofold.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives the memory of free units back to the system: units that have been idle for the decay time,
 * or all at once. {@link IdleUnits} says which.
 *
 * <p>Of idle units stay as many as a 64th of those that are needed: the level of a load that goes
 * up and down is not the same each time it is up, and what it goes without once it needs the next
 * time. Those stay that are needed first: in the trees that are used most, in the smallest free
 * blocks. When all is given back at once, nothing stays.
 *
 * <p>Units are given back in batches, each of one group of a tree at most: the units are kept from
 * everybody, the system is called once for each run of adjacent ones, and they are released. No
 * lock that a request takes is held during the calls. A request that finds nothing else meanwhile
 * waits for the batch and is not refused ({@link TreeArray}); that is why batches are small. Safe
 * for use by any number of threads; they take turns in each tree.
 */
final class GiveBack {

  /** Gives the memory of some pages back, and returns whether it did. */
  interface Memory {
    boolean decommit(long address, long sizeBytes);
  }

  private static final int RESERVE_SHARE = 64;

  private final TreeArray trees;
  private final Slots slots;
  private final Memory memory;
  private final int pageShift;
  private final int order;
  private final long startNanos = System.nanoTime();

  /**
   * Gives back to {@code memory}.
   *
   * @param slots whose requests for whole units are to come to what was not given back
   */
  GiveBack(TreeArray trees, Slots slots, Memory memory, AllocatorConfiguration configuration) {
    this.trees = trees;
    this.slots = slots;
    this.memory = memory;
    pageShift = configuration.pageShift();
    order = configuration.decommitOrder();
  }

  /** Returns the time that idleness is counted by, in nanoseconds from 0 on. */
  long now() {
    return System.nanoTime() - startNanos;
  }

  /** Notes what is free at the time {@code now}, and gives back all of it. */
  long giveBackAll(long now) {
    return giveBack(now, now);
  }

  /**
   * Notes what is free at the time {@code now}, and gives back what was found free at {@code
   * idleSince} or before and was so ever since. Units that are free but not merged yet, merge.
   *
   * <p>What a region throws is thrown on, with what others threw as suppressed, once all other
   * trees had their turn.
   *
   * @return how many bytes
   */
  long giveBack(long now, long idleSince) {
    List<IdleTree> found = find(now, idleSince);
    if (now != idleSince) {
      leaveOutReserve(found);
    }
    long pages = 0;
    List<RuntimeException> failures = new ArrayList<>();
    for (IdleTree idle : found) {
      try {
        pages += giveBack(idle, now, idleSince);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    boolean went = pages != 0 || !failures.isEmpty();
    if (went) {
      leadNobodyToWholeUnits();
    }
    boolean isBack = went || found.stream().anyMatch(idle -> idle.units.gaveBack());
    trees.standby().set(isBack ? spareTrees(found) : new int[0]);
    if (!failures.isEmpty()) {
      RuntimeException first = failures.getFirst();
      failures.stream().skip(1).filter(other -> !other.equals(first)).forEach(first::addSuppressed);
      throw first;
    }
    return pages << pageShift;
  }

  /** A tree, and what was found of it. */
  private record IdleTree(LockedTree tree, FoundUnits units) {}

  private List<IdleTree> find(long now, long idleSince) {
    List<IdleTree> found = new ArrayList<>();
    for (LockedTree tree : trees.all()) {
      tree.settle();
      found.add(new IdleTree(tree, tree.findIdle(order, now, idleSince)));
    }
    return found;
  }

  /** Lets the units stay that are needed first; sorts the trees. */
  private static void leaveOutReserve(List<IdleTree> found) {
    long needed = found.stream().mapToLong(idle -> idle.units.needed()).sum();
    int rest = (int) (needed / RESERVE_SHARE);
    found.sort(Comparator.comparingInt((IdleTree idle) -> idle.units.needed()).reversed());
    for (IdleTree idle : found) {
      rest -= rest > 0 && idle.units.haveIdle() ? idle.tree.leaveOut(idle.units, rest) : 0;
    }
  }

  private static int[] spareTrees(List<IdleTree> found) {
    return found.stream()
        .filter(idle -> idle.units.haveSpare())
        .mapToInt(idle -> idle.tree.number())
        .toArray();
  }

  /**
   * Lets requests for whole units look anew where they go. Benign race: a thread that has just
   * looked may still go on where some were given back.
   */
  private void leadNobodyToWholeUnits() {
    for (Slot slot : slots.all()) {
      for (int order = Tiers.UNIT_ORDER; order <= Orders.MAX_ORDER; order++) {
        slot.point(order, Cursor.NOWHERE);
      }
    }
  }

  private long giveBack(IdleTree found, long now, long idleSince) {
    LockedTree tree = found.tree;
    long pages = 0;
    for (int group = 0; group < WholeUnits.GROUPS; group++) {
      int idle = found.units.idle(group);
      int kept = idle == 0 ? 0 : tree.keepIdle(group, idle, idleSince);
      pages += kept == 0 ? 0 : giveBack(tree, group, kept, now);
    }
    return pages;
  }

  private long giveBack(LockedTree tree, int group, int kept, long now) {
    int back = 0;
    int calls = 0;
    try {
      for (int rest = kept; rest != 0; ) {
        int place = Integer.numberOfTrailingZeros(rest);
        int count = Integer.numberOfTrailingZeros(~(rest >>> place));
        int run = (int) (((1L << count) - 1) << place);
        if (decommit(tree, WholeUnits.firstUnit(group) + place, count)) {
          back |= run;
          calls++;
        }
        rest &= ~run;
      }
    } finally {
      tree.release(group, kept, back, now, calls);
    }
    return (long) Integer.bitCount(back) << Tiers.UNIT_ORDER;
  }

  private boolean decommit(LockedTree tree, int firstUnit, int count) {
    long page = tree.spanPage() + ((long) firstUnit << Tiers.UNIT_ORDER);
    long pages = (long) count << Tiers.UNIT_ORDER;
    return memory.decommit(page << pageShift, pages << pageShift);
  }
}
