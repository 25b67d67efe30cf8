package dev.twofold.core;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The array of trees that forms the overall allocator, and the index that sends a request on to a
 * tree that can serve it.
 *
 * <p>This is the slow path of an allocation. A request asks the index for a tree, locks it and
 * allocates; if another thread was faster it asks again, and the index then knows what the other
 * thread took. It is refused only on the word of the index ({@link LargestOrderIndex}), so never
 * while some tree could serve it all along. Operations on all trees exclude each other, and lock
 * the trees in the order of the array.
 *
 * <p>Trees come and go. The array is replaced whenever some come; a tree that is gone stands in it
 * until its number is given to another one, so the array is as long as there were trees at once.
 *
 * <p>Safe for use by any thread.
 */
final class TreeArray {

  /** Returned instead of a page number when no tree can serve a request. */
  static final long NONE = Tree.NONE;

  private static final LockedTree[] NO_TREES = {};

  private final TreeWords allWords = new TreeWords();
  private final SharedParts shared;
  private final LargestOrderIndex index;
  private final WantedTrees wanted;
  private final StandbyTrees standby = new StandbyTrees();

  /** Every tree at its number. */
  private volatile LockedTree[] trees = NO_TREES;

  /** What was done in trees that are gone; guarded by this, like what follows. */
  private final Tally former = new Tally();

  private boolean closed;

  /**
   * Makes an array without trees.
   *
   * @param access how words are changed
   */
  TreeArray(Words access) {
    shared = SharedParts.of(access);
    index = shared.index();
    wanted = new WantedTrees(access);
  }

  /**
   * Adds trees that are all free and offline.
   *
   * @param table gets their words, for who looks for an address
   * @return the trees, which stand in the array in the order of the layouts
   */
  synchronized LockedTree[] add(List<TreeLayout> layouts, long[][] table) {
    requireOpen();
    LockedTree[] former = trees;
    LockedTree[] next = Arrays.copyOf(former, former.length + layouts.size());
    LockedTree[] added = new LockedTree[layouts.size()];
    int number = 0;
    for (int place = 0; place < added.length; place++) {
      while (number < former.length && !former[number].isGone()) {
        number++;
      }
      int height = number < former.length ? former[number].height() : 0;
      added[place] = offlineTree(layouts.get(place), number, height, table, place);
      next[number] = added[place];
      number++;
    }
    next = Arrays.copyOf(next, Math.max(former.length, number));
    index.grow(next.length);
    wanted.grow(next.length);
    trees = next;
    shared.runIndex().add(numbers(added), layouts);
    return added;
  }

  private static int[] numbers(LockedTree[] trees) {
    return Arrays.stream(trees).mapToInt(LockedTree::number).toArray();
  }

  private LockedTree offlineTree(
      TreeLayout layout, int number, int formerHeight, long[][] table, int place) {
    Consumer<long[]> wordsReader =
        words -> {
          allWords.publish(number, words);
          TreeWords.publish(table, place, words);
        };
    int height = Math.max(formerHeight, layout.height());
    return new LockedTree(layout, number, height, wordsReader, shared);
  }

  /** Forgets trees that are offline, all of whose blocks are free. */
  synchronized void remove(LockedTree[] removed) {
    if (!closed) {
      LockedTree.locked(removed, () -> removeAll(removed));
      shared.runIndex().remove(numbers(removed));
    }
  }

  /**
   * Allocates a block of {@code order} for a slot whose cursor did not lead to one, lets the cursor
   * point there, and returns the first page; or returns {@link #NONE} if there was a moment during
   * the call at which no tree could serve it. Throws if closed.
   */
  long allocate(int order, Slot slot) {
    int home = shared.patience().allowsDrawing() ? slot.home() : UnitBins.ANYWHERE;
    settleWorthwhile(home, order < Tiers.UNIT_ORDER);
    long page = search(order, slot);
    return page == NONE ? searchEverywhere(order, slot) : page;
  }

  /**
   * Allocates a block of whole units that reads as zero, if the first tree that can serve the
   * request has one that suits like any other; returns its first page or {@link #NONE}.
   */
  long allocateZero(int order) {
    settleWorthwhile(UnitBins.ANYWHERE, false);
    LockedTree[] now = trees;
    int number = index.firstWith(order);
    if (number == LargestOrderIndex.NONE || number >= now.length) {
      return NONE;
    }
    int page = now[number].allocateZero(order);
    return page == LockedTree.NONE ? NONE : now[number].spanPage() + page;
  }

  /** Returns which trees may serve a run. */
  RunIndex runIndex() {
    return shared.runIndex();
  }

  /** Returns the trees that requests come to before they use what was given back. */
  StandbyTrees standby() {
    return standby;
  }

  /** Returns the trees there are, which must not be changed. */
  LockedTree[] all() {
    return trees;
  }

  /** Says that a tree has units of a home, if it is one, that are worth settling. */
  void want(int tree, int home) {
    if (home != ReturnedUnits.NONE) {
      wanted.add(tree, home);
    }
  }

  private void settleWorthwhile(int home, boolean small) {
    int tree = wanted.take(home);
    while (tree >= 0) {
      trees[tree].settleWorthwhile(home, small);
      tree = wanted.take(home);
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

  /** Returns the words of all trees, by their numbers. */
  TreeWords allWords() {
    return allWords;
  }

  /** Throws if closed. */
  synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the allocator is closed");
    }
  }

  /** Returns the figures of all trees at one moment. */
  Tally tally() {
    return exclusively(
        now -> {
          Tally tally = tally(now);
          tally.addSoFar(former);
          return tally;
        });
  }

  /** Returns the figures of some trees, row by row, at one moment. */
  List<Tally> tallies(List<LockedTree[]> rows) {
    return exclusively(now -> rows.stream().map(TreeArray::tally).toList());
  }

  private static Tally tally(LockedTree[] trees) {
    Tally tally = new Tally();
    for (LockedTree tree : trees) {
      tree.addTo(tally);
    }
    return tally;
  }

  /** Returns a hash of the metadata of all trees at one moment. */
  long digest() {
    return exclusively(
        now -> {
          long digest = 0;
          for (LockedTree tree : now) {
            digest = tree.isGone() ? digest : digest * 31 + tree.digest();
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
        now -> {
          for (LockedTree tree : now) {
            tree.validate();
          }
          index.validate();
          return now.length;
        });
  }

  /** Refuses everything from now on. */
  synchronized void close() {
    if (!closed) {
      exclusively(this::removeAll);
      closed = true;
    }
  }

  private long search(int order, Slot slot) {
    long page = searchCommitted(order, slot);
    int number = page == NONE ? firstWith(order, slot.home()) : LargestOrderIndex.NONE;
    while (number != LargestOrderIndex.NONE) {
      page = allocateIn(number, order, slot, false);
      number = page == NONE ? firstWith(order, slot.home()) : LargestOrderIndex.NONE;
    }
    return page;
  }

  /** Looks into the tree that comes first, and others if it would use what was given back. */
  private long searchCommitted(int order, Slot slot) {
    int number = standby.isEmpty() ? LargestOrderIndex.NONE : firstWith(order, slot.home());
    if (number == LargestOrderIndex.NONE) {
      return NONE;
    }
    long page = allocateIn(number, order, slot, true);
    return page == NONE ? standby.ask(order, other -> allocateIn(other, order, slot, true)) : page;
  }

  private long allocateIn(int number, int order, Slot slot, boolean thrifty) {
    LockedTree tree = trees[number];
    tree.layOut();
    boolean draws = shared.patience().allowsDrawing();
    int page = tree.allocate(order, slot, draws, thrifty);
    if (page == LockedTree.NONE) {
      return NONE;
    }
    point(tree.cursor(page, order), order, slot, draws);
    if (order < Tiers.UNIT_ORDER) {
      slot.noteTree(tree.layout, allWords.of(number));
    }
    return tree.spanPage() + page;
  }

  private int firstWith(int order, int home) {
    int count = trees.length;
    int start = shared.patience().allowsOwnTrees() ? GroupHomes.firstTree(home, count) : 0;
    int preferred = Slots.homeTree(home, count);
    return index.firstWith(order, preferred, Slots.nextHomeTree(home, count), start);
  }

  /**
   * The last word. The index knows neither what was freed and not settled yet, nor the units that
   * slots draw on. So all is settled, the index asked, and then each unit in use looked at. If all
   * say no, nothing waits to be settled, nobody settled anything in the meantime, and no tree has
   * come, then no block was free when the last unit had been looked at, but for frees that had not
   * returned. Trees that go online or offline count as settled. Settlements are compared last: what
   * waits no more when this looks may have been settled a moment before.
   *
   * <p>Free units may be kept from everybody while their memory is given back ({@link GiveBack}).
   * To keep and to release are settlements as well. So if nothing is kept, and nobody settled
   * anything in the meantime, then nothing was kept in the meantime; else the search waits until it
   * is released, and begins again.
   */
  private long searchEverywhere(int order, Slot slot) {
    while (true) {
      LockedTree[] now = trees;
      long settlements = settlements(now);
      for (LockedTree tree : now) {
        settlements += tree.settle() ? 1 : 0;
      }
      long page = search(order, slot);
      if (page == NONE) {
        page = searchUnitsInUse(now, order);
      }
      if (page != NONE) {
        return page;
      }
      if (!awaitReleases(now)
          && !isUnsettled(now)
          && settlements(now) == settlements
          && isLatest(now)) {
        requireOpen();
        return NONE;
      }
    }
  }

  private static long searchUnitsInUse(LockedTree[] now, int order) {
    for (LockedTree tree : now) {
      int page = tree.allocateFromUnitInUse(order);
      if (page != LockedTree.NONE) {
        return tree.spanPage() + page;
      }
    }
    return NONE;
  }

  private static boolean awaitReleases(LockedTree[] now) {
    boolean waited = false;
    for (LockedTree tree : now) {
      waited |= tree.awaitRelease();
    }
    return waited;
  }

  /** Returns whether anything was freed to some trees that is not settled. */
  static boolean isUnsettled(LockedTree[] now) {
    for (LockedTree tree : now) {
      if (tree.isUnsettled()) {
        return true;
      }
    }
    return false;
  }

  private static long settlements(LockedTree[] now) {
    long settlements = 0;
    for (LockedTree tree : now) {
      settlements += tree.settlements();
    }
    return settlements;
  }

  @SuppressWarnings("ReferenceEquality") // an array that was replaced is another one
  private boolean isLatest(LockedTree[] now) {
    return now == trees;
  }

  private void point(long cursor, int order, Slot slot, boolean draws) {
    slot.point(order, cursor);
    if (order < Tiers.UNIT_ORDER) {
      if (!draws) {
        slot.setServing(order, 0);
      }
      release(slot.draw(order, draws ? cursor : Cursor.NOWHERE), order);
    }
  }

  private void release(long cursor, int order) {
    int number = Cursor.tree(cursor);
    if (Cursor.unit(cursor) != Cursor.NONE) {
      want(number, trees[number].release(Cursor.unit(cursor), order));
    }
  }

  private int removeAll(LockedTree[] removed) {
    for (LockedTree tree : removed) {
      tree.remove(former);
    }
    return removed.length;
  }

  /** Does something while nobody else does what the locks of all trees guard; throws if closed. */
  synchronized <T> T exclusively(Function<LockedTree[], T> action) {
    requireOpen();
    LockedTree[] now = trees;
    return LockedTree.locked(now, () -> action.apply(now));
  }
}
