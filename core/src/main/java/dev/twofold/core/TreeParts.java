package dev.twofold.core;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * What a tree at work is made of, the lock that guards it, and how the index learns of it: what
 * {@link LockedTree} works with.
 */
abstract class TreeParts {

  final TreeLock lock = new TreeLock();
  final TreeLayout layout;
  final LargestOrderIndex index;
  final RunIndex runIndex;
  final int number;
  final int height;
  final Consumer<long[]> wordsReader;
  final Words access;
  final Patience patience;
  final AtomicLong settlements = new AtomicLong();
  final UnitKeeping keeping = new UnitKeeping();

  /** Null until the first allocation, and while not online; changed under the lock. */
  volatile @Nullable Units units;

  /** Null until the first allocation; guarded by the lock. */
  @Nullable Tree tree;

  /** What is known of the memory of the tree's units; null with the tree. */
  @Nullable IdleUnits idle;

  /** What the index holds for this tree; guarded by the lock, like the rest. */
  int published = LargestOrderIndex.NONE;

  /**
   * Makes a tree that is not laid out.
   *
   * @param number its leaf of the index, and what cursors name it by
   * @param height at least that of the layout, and of all trees that had the number before: a
   *     cursor to one of them is harmless then
   * @param wordsReader gets the words that are to be found by everyone, whenever there are others
   * @param shared what it has in common with others
   */
  TreeParts(
      TreeLayout layout, int number, int height, Consumer<long[]> wordsReader, SharedParts shared) {
    this.layout = layout;
    this.number = number;
    this.height = height;
    this.wordsReader = wordsReader;
    index = shared.index();
    runIndex = shared.runIndex();
    access = shared.access();
    patience = shared.patience();
  }

  /** Returns the absolute number of page 0. */
  final long spanPage() {
    return layout.spanPage();
  }

  /** Returns the height of a tree that its words have room for. */
  final int height() {
    return height;
  }

  /** Does something with the units under the lock; returns {@code none} if there are none. */
  final int withUnits(ToIntFunction<Units> action, int none) {
    long stamp = lock.lock();
    try {
      Units open = units;
      return open == null ? none : with(open, action);
    } finally {
      lock.unlock(stamp);
    }
  }

  final int with(Units open, ToIntFunction<Units> action) {
    int result = action.applyAsInt(open);
    publish(open.largestFreeOrder());
    return result;
  }

  /**
   * Keeps everyone else from what the lock guards until {@link #unlockUnkept} gets the stamp back,
   * from a moment on at which no units are kept from everybody: none is kept meanwhile.
   */
  final long lockUnkept() {
    long stamp = lock.lock();
    while (keeping.isKeptByAnother()) {
      lock.unlock(stamp);
      keeping.await();
      stamp = lock.lock();
    }
    return stamp;
  }

  /** Lets others on. */
  final void unlockUnkept(long stamp) {
    lock.unlock(stamp);
  }

  /** Says that blocks may be there, or not, that a search without the lock has seen otherwise. */
  final void countSettlement() {
    settlements.getAndIncrement();
  }

  /** Returns the units of the tree, which is online. */
  final Units laidOut() {
    Units existing = units;
    if (existing != null) {
      return existing;
    }
    Tree whole = tree;
    if (whole == null) {
      whole = Tree.allFree(layout, access, height, number);
      patience.addNew(-layout.pageCount());
      tree = whole;
      idle = IdleUnits.ofNew(whole, access, Tiers.unitCount(height));
    }
    Units laidOut = units(whole, patience);
    units = laidOut;
    wordsReader.accept(whole.words());
    return laidOut;
  }

  final Units units(Tree whole, Patience patienceOfAll) {
    return new Units(whole, access, idle(), patienceOfAll, settlements, runIndex);
  }

  final IdleUnits idle() {
    return Objects.requireNonNull(idle, "there is no tree");
  }

  final int pageInTree(long page) {
    return (int) (page - spanPage());
  }

  final void publish(int largestFreeOrder) {
    if (largestFreeOrder != published) {
      index.publish(number, largestFreeOrder);
      published = largestFreeOrder;
    }
  }
}
