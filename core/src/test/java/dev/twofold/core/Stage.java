package dev.twofold.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * An engine for a few actors, each with a slot of its own, that any thread may play: so what one
 * does can come between two steps of another, where {@link SteppedWords} say, on one thread. Actors
 * and trees are numbered from 0, trees in the order of the regions.
 */
final class Stage extends Slots {

  private static final int PAGE_SHIFT = 12;

  private final SteppedWords words = new SteppedWords();
  private final List<Slot> slots = new ArrayList<>();
  private final ThreadLocal<Integer> actor = ThreadLocal.withInitial(() -> 0);
  private final List<RegionTrees> regions = new ArrayList<>();
  private final TreeArray trees;
  private final Engine engine;

  /** Makes a stage of regions of 4 KiB pages, sorted by address. */
  Stage(int actors, Region... regions) {
    for (int number = 0; number < actors; number++) {
      slots.add(new PaddedSlot(false, 0));
    }
    trees = new TreeArray(words);
    engine = new StageEngine();
    for (Region region : regions) {
      add(region);
    }
  }

  /** Adds a region behind the others, and puts it online. */
  void add(Region region) {
    RegionTrees added = new RegionTrees(region, PAGE_SHIFT, trees);
    regions.add(added);
    engine.setMap(new AddressMap(regions));
    added.putOnline();
  }

  /** Gives an actor, who has done nothing yet, another home than the one of all. */
  void setHome(int ofActor, int home) {
    slots.set(ofActor, new PaddedSlot(false, home));
  }

  SteppedWords words() {
    return words;
  }

  TreeArray trees() {
    return trees;
  }

  Slot slot(int ofActor) {
    return slots.get(ofActor);
  }

  LockedTree tree(int number) {
    return trees.all()[number];
  }

  RegionTrees region(int number) {
    return regions.get(number);
  }

  /** Lets an actor allocate; returns the page, or {@link Engine#NO_PAGE}. */
  long allocate(int as, int order) {
    return play(as, () -> engine.allocate(order));
  }

  /** Lets an actor free a block; returns whether it was allocated. */
  boolean free(int as, long page) {
    return play(as, () -> engine.free(page) ? 1 : 0) == 1;
  }

  private long play(int as, LongSupplier part) {
    int before = actor.get();
    actor.set(as);
    try {
      return part.getAsLong();
    } finally {
      actor.set(before);
    }
  }

  @Override
  Slot current() {
    return slots.get(actor.get());
  }

  @Override
  void requireAccess() {}

  @Override
  List<Slot> all() {
    return slots;
  }

  private final class StageEngine extends Engine {

    StageEngine() {
      super(trees);
    }

    @Override
    long allocate(int order) {
      return allocateAgain(current(), order);
    }

    @Override
    boolean free(long page) {
      Slot slot = current();
      return slot.knows(page) ? freeKnownOrOther(slot, page) : freeOther(slot, page);
    }

    @Override
    Slots slots() {
      return Stage.this;
    }

    @Override
    Words access() {
      return words;
    }
  }
}
