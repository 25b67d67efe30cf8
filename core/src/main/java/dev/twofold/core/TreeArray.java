package dev.twofold.core;

import java.util.List;
import java.util.function.Supplier;

/**
 * The array of trees that forms the overall allocator, and the index that sends a request on to a
 * tree that can serve it.
 *
 * <p>This is the slow path of an allocation. A request asks the index for a tree, locks it and
 * allocates; if another thread was faster it asks again, and the index then knows what the other
 * thread took. It is refused only on the word of the index ({@link LargestOrderIndex}), so never
 * while some tree could serve it all along. Operations on all trees lock them in the order of the
 * array.
 *
 * <p>Safe for use by any thread; immutable itself, so threads meet only in the trees.
 */
final class TreeArray {

  /** Returned instead of a page number when no tree can serve a request. */
  static final long NONE = Tree.NONE;

  /** Returned instead of a tree when there is none. */
  static final int NO_TREE = LargestOrderIndex.NONE;

  private final LockedTree[] trees;
  private final long[][] allWords;
  private final LargestOrderIndex index;
  private final Words access;
  private final Patience patience = new Patience();

  /** A bit for each tree with units that are worth settling. */
  private final long[] wanting;

  /**
   * Makes trees that are all free.
   *
   * @param access how their words are changed
   */
  TreeArray(List<TreeLayout> layouts, Words access) {
    allWords = TreeWords.create(layouts.size());
    this.access = access;
    trees = new LockedTree[layouts.size()];
    wanting = new long[(layouts.size() + Long.SIZE - 1) / Long.SIZE];
    index = new LargestOrderIndex(layouts.size());
    for (int tree = 0; tree < trees.length; tree++) {
      trees[tree] = new LockedTree(layouts.get(tree), index, tree, allWords, access, patience);
    }
  }

  /**
   * Allocates a block of {@code order} for a slot whose cursor did not lead to one, lets the cursor
   * point there, and returns the first page; or returns {@link #NONE} if there was a moment during
   * the call at which no tree could serve it. Throws if closed.
   */
  long allocate(int order, Slot slot, long cursor) {
    int near = Cursor.tree(cursor);
    if (isDrawn(order, slot, cursor) && trees[near].unitServes(order, cursor)) {
      int page = trees[near].allocateInUnit(order, cursor);
      if (page != LockedTree.NONE) {
        slot.point(order, Cursor.of(near, page, order));
        return trees[near].spanPage() + page;
      }
    }
    settleWorthwhile();
    long page = search(order, slot);
    return page == NONE ? searchEverywhere(order, slot) : page;
  }

  /** Says that a tree has units that are worth settling. */
  void want(int tree) {
    if (((access.word(wanting, tree / Long.SIZE) >>> tree) & 1) == 0) {
      access.set(wanting, tree / Long.SIZE, 1L << tree);
    }
  }

  private void settleWorthwhile() {
    for (int word = 0; word < wanting.length; word++) {
      long rest = access.word(wanting, word);
      if (rest != 0) {
        access.clear(wanting, word, rest);
        for (; rest != 0; rest &= rest - 1) {
          trees[word * Long.SIZE + Long.numberOfTrailingZeros(rest)].settleWorthwhile();
        }
      }
    }
  }

  /** Lets a slot draw on no unit any more. */
  void release(Slot slot) {
    for (int order = 0; order < Tiers.UNIT_ORDER; order++) {
      release(slot.draw(order, Cursor.NOWHERE), Tiers.UNIT_ORDER);
    }
  }

  /** Settles all trees. */
  void settle() {
    for (LockedTree tree : trees) {
      tree.settle();
    }
  }

  /** Returns the next tree, {@code from} or further up or down, that seems to serve an order. */
  int nextWith(int order, int from, boolean down) {
    return index.nextWith(order, from, down);
  }

  /** Returns how many trees there are. */
  int count() {
    return trees.length;
  }

  /** Returns the words of all trees. */
  long[][] allWords() {
    return allWords;
  }

  /** Returns the tree at {@code index}, as {@link AddressMap} counts them. */
  LockedTree at(int index) {
    return trees[index];
  }

  /** Throws if closed; all trees are closed at once. */
  void requireOpen() {
    trees[0].requireOpen();
  }

  /** Returns the figures of all trees at one moment. */
  Tally tally() {
    return exclusively(
        () -> {
          Tally tally = new Tally();
          for (LockedTree tree : trees) {
            tree.addTo(tally);
          }
          return tally;
        });
  }

  /** Returns a hash of the metadata of all trees at one moment. */
  long digest() {
    return exclusively(
        () -> {
          long digest = 0;
          for (LockedTree tree : trees) {
            digest = digest * 31 + tree.digest();
          }
          return digest * 31 + index.digest();
        });
  }

  /**
   * Checks every invariant of every tree and of the index, at one moment.
   *
   * @throws AssertionError naming the first one that does not hold
   */
  void validate() {
    exclusively(
        () -> {
          for (LockedTree tree : trees) {
            tree.validate();
          }
          index.validate();
          return trees.length;
        });
  }

  /** Refuses everything from now on. */
  void close() {
    exclusively(
        () -> {
          for (LockedTree tree : trees) {
            tree.close();
          }
          return trees.length;
        });
  }

  /** Returns whether the slot draws on the unit that the cursor leads to. */
  private boolean isDrawn(int order, Slot slot, long cursor) {
    if (order >= Tiers.UNIT_ORDER) {
      return false;
    }
    long drawn = slot.unit(order);
    return Cursor.unit(drawn) == Cursor.unit(cursor) && Cursor.tree(drawn) == Cursor.tree(cursor);
  }

  private long search(int order, Slot slot) {
    boolean draws = patience.allowsDrawing();
    int tree = index.firstWith(order);
    while (tree != LargestOrderIndex.NONE) {
      int page = trees[tree].allocate(order, slot, draws);
      if (page != LockedTree.NONE) {
        return point(tree, page, order, slot, draws);
      }
      tree = index.firstWith(order);
    }
    return NONE;
  }

  /**
   * The last word. The index knows neither what was freed and not settled yet, nor the units that
   * slots draw on. So all is settled, the index asked, and then each unit in use looked at. If all
   * say no, nobody settled anything in the meantime, and nothing waits to be settled, then no block
   * was free when the last unit had been looked at, but for frees that had not returned.
   */
  private long searchEverywhere(int order, Slot slot) {
    while (true) {
      long settlements = settlements();
      for (LockedTree tree : trees) {
        settlements += tree.settle() ? 1 : 0;
      }
      long page = search(order, slot);
      if (page == NONE) {
        page = searchUnitsInUse(order);
      }
      if (page != NONE) {
        return page;
      }
      if (settlements() == settlements && !isUnsettled()) {
        requireOpen();
        return NONE;
      }
    }
  }

  private long searchUnitsInUse(int order) {
    for (int tree = 0; tree < trees.length; tree++) {
      int page = trees[tree].allocateFromUnitInUse(order);
      if (page != LockedTree.NONE) {
        return trees[tree].spanPage() + page;
      }
    }
    return NONE;
  }

  private boolean isUnsettled() {
    for (LockedTree tree : trees) {
      if (tree.isUnsettled()) {
        return true;
      }
    }
    return false;
  }

  private long settlements() {
    long settlements = 0;
    for (LockedTree tree : trees) {
      settlements += tree.settlements();
    }
    return settlements;
  }

  private long point(int tree, int page, int order, Slot slot, boolean draws) {
    long cursor = Cursor.of(tree, page, order);
    slot.point(order, cursor);
    if (order < Tiers.UNIT_ORDER) {
      if (!draws) {
        slot.setServing(order, 0);
      }
      release(slot.draw(order, draws ? cursor : Cursor.NOWHERE), order);
    }
    return trees[tree].spanPage() + page;
  }

  private void release(long cursor, int order) {
    if (Cursor.unit(cursor) != Cursor.NONE) {
      if (trees[Cursor.tree(cursor)].release(Cursor.unit(cursor), order)) {
        want(Cursor.tree(cursor));
      }
    }
  }

  private <T> T exclusively(Supplier<T> action) {
    return exclusively(0, trees.length - 1, action);
  }

  /** Does something while the locks of the trees from {@code first} to {@code last} are held. */
  <T> T exclusively(int first, int last, Supplier<T> action) {
    long[] stamps = new long[last - first + 1];
    for (int tree = first; tree <= last; tree++) {
      stamps[tree - first] = trees[tree].lock();
    }
    try {
      return action.get();
    } finally {
      for (int tree = first; tree <= last; tree++) {
        trees[tree].unlock(stamps[tree - first]);
      }
    }
  }
}
