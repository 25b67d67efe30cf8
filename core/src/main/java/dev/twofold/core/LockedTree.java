package dev.twofold.core;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A tree with its lock, its units and its leaf of the index. The metadata is laid out at the first
 * allocation; until then the layout alone tells what is free.
 *
 * <p>Blocks are allocated from words and freed to them without the lock, while the tree is
 * <b>online</b>. Under the lock, a thread whose unit is exhausted gets another one. A tree that is
 * <b>offline</b> has its words to itself: no cursor and no address leads there, blocks are freed
 * under the lock only, and none is allocated. At last a tree is <b>gone</b>, and its number free.
 *
 * <p>Invariants whenever the lock is free: while online, every free block is in a unit that stands
 * in the bins for its order or a larger one, or in the upper tiers, or was freed and is not settled
 * yet; the index holds at least the largest order of the units that no slot draws on. While not
 * online, the index holds none, there are no units, and whatever words anyone has read are dead.
 * Safe for use by any thread.
 */
final class LockedTree extends RunParts {

  /** Returned instead of a page or an order when there is none. */
  static final int NONE = Tree.NONE;

  private boolean gone;

  /** Makes a tree that is offline; see {@link TreeParts}. */
  LockedTree(
      TreeLayout layout, int number, int height, Consumer<long[]> wordsReader, SharedParts shared) {
    super(layout, number, height, wordsReader, shared);
  }

  /** Lays the tree out if it is online: what is free in it counts from then on. */
  void layOut() {
    if (units == null) {
      long stamp = lock.lock();
      try {
        if (online) {
          laidOut();
        }
      } finally {
        lock.unlock(stamp);
      }
    }
  }

  /**
   * Allocates a block of {@code order} and returns its first page, or {@link #NONE}.
   *
   * @param draws whether its unit, if the order is smaller than one, counts as drawn on; the caller
   *     tells the slot, and releases the one before
   * @param thrifty whether no unit that was given back is to be used for it
   */
  int allocate(int order, Slot slot, boolean draws, boolean thrifty) {
    long stamp = lock.lock();
    try {
      if (published < order) {
        return NONE;
      }
      Units open = laidOut();
      int page =
          order < Tiers.UNIT_ORDER
              ? open.allocateSmall(order, slot, number, draws, thrifty)
              : open.allocateLarge(
                  order, patience.allowsOwnGroups() ? slot.home() : UnitBins.ANYWHERE, thrifty);
      publish(open.largestFreeOrder());
      return page;
    } finally {
      lock.unlock(stamp);
    }
  }

  /**
   * Allocates a block of {@code order} from a unit that slots draw on, or returns {@link #NONE};
   * the last resort.
   */
  int allocateFromUnitInUse(int order) {
    if (units == null || order >= Tiers.UNIT_ORDER) {
      return NONE;
    }
    long stamp = lock.lock();
    try {
      Units open = units;
      return open == null ? NONE : open.allocateFromUnitInUse(order);
    } finally {
      lock.unlock(stamp);
    }
  }

  /**
   * Says that a slot draws on {@code unit} no longer, which is settled some time then like one that
   * was freed to. Returns the unit's home if the unit is worth it and was not before, or else
   * {@link ReturnedUnits#NONE}.
   *
   * @param order what the unit has no block for any more, or that of a unit if that is not known
   */
  int release(int unit, int order) {
    Units open = units;
    return open == null ? ReturnedUnits.NONE : open.release(unit, order);
  }

  /**
   * Settles the units of a home, or {@link UnitBins#ANYWHERE}, that are worth it.
   *
   * @param small whether this is for the sake of small blocks: then units may stay vacant
   */
  void settleWorthwhile(int home, boolean small) {
    long stamp = lock.lock();
    try {
      Units open = units;
      if (open != null) {
        open.settleWorthwhile(home, small);
        publish(open.largestFreeOrder());
      }
    } finally {
      lock.unlock(stamp);
    }
  }

  /**
   * Settles all that was freed so far, and waits for a thread that is settling some; returns
   * whether this counted as a settlement.
   */
  boolean settle() {
    if (!isUnsettled() && !lock.isLocked()) {
      return false;
    }
    long stamp = lock.lock();
    try {
      return settleUnderLock();
    } finally {
      lock.unlock(stamp);
    }
  }

  /** Returns the idle units: see {@link IdleUnits#find}. */
  FoundUnits findIdle(int order, long now, long idleSince) {
    FoundUnits found = new FoundUnits();
    withUnits(open -> open.idle().find(found, order, now, idleSince), 0);
    return found;
  }

  /** Leaves idle units out that are needed first: see {@link IdleUnits#leaveOut}. */
  int leaveOut(FoundUnits found, int count) {
    return withUnits(open -> open.idle().leaveOut(found, count), 0);
  }

  /**
   * Keeps those of some units of a group that are idle still from everybody, and returns them. If
   * there are any, the same thread must {@link #release} them.
   */
  int keepIdle(int group, int idle, long idleSince) {
    return keeping.begin(() -> withUnits(open -> keepIdle(open, group, idle, idleSince), 0));
  }

  private int keepIdle(Units open, int group, int idle, long idleSince) {
    int kept = open.keepIdle(group, idle, idleSince);
    if (kept != 0) {
      keeping.setKept();
    }
    return kept;
  }

  /** Makes units that were kept free again: see {@link IdleUnits#release}. */
  void release(int group, int kept, int back, long now, int calls) {
    keeping.end(
        () ->
            withUnits(
                open -> {
                  open.release(group, kept, back, now, calls);
                  return kept;
                },
                0));
  }

  /** Waits until no units are kept from everybody; returns whether there were any. */
  boolean awaitRelease() {
    return keeping.await();
  }

  /** Returns whether the pages of a unit from this one on, allocated just now, read as zero. */
  boolean isZero(long page) {
    Units open = units;
    return open != null && open.idle().ages().areZero(pageInTree(page) >>> Tiers.UNIT_ORDER, 1);
  }

  /** Returns the cursor to where a block came from, or nowhere if it is better to look anew. */
  long cursor(int page, int order) {
    Units open = units;
    boolean suits =
        order < Tiers.UNIT_ORDER || (open != null && open.blocks().suitsCursor(page, order));
    return suits ? Cursor.of(number, page, order) : Cursor.NOWHERE;
  }

  /** Allocates a block of whole units that reads as zero: see {@link Tree#allocateZero}. */
  int allocateZero(int order) {
    long stamp = lock.lock();
    try {
      return published < order ? NONE : with(laidOut(), open -> open.allocateZero(order));
    } finally {
      lock.unlock(stamp);
    }
  }

  /** Returns whether units were freed to that are not settled. */
  boolean isUnsettled() {
    Units open = units;
    return open != null && open.isUnsettled();
  }

  /** Returns how often units were settled, counting one that is just under way. */
  long settlements() {
    return settlements.get();
  }

  /**
   * Does something while nobody else does what the locks of some trees guard, and no units of them
   * are kept from everybody. The trees are in the order of their numbers.
   */
  static <T> T locked(LockedTree[] trees, Supplier<T> action) {
    long[] stamps = new long[trees.length];
    for (LockedTree tree : trees) {
      tree.keeping.prevent();
    }
    for (int tree = 0; tree < trees.length; tree++) {
      stamps[tree] = trees[tree].lock.lock();
    }
    try {
      return action.get();
    } finally {
      for (int tree = 0; tree < trees.length; tree++) {
        trees[tree].lock.unlock(stamps[tree]);
        trees[tree].keeping.allow();
      }
    }
  }

  /** Lets everyone allocate from the tree; the caller holds the lock. */
  void putOnline() {
    countNew(1);
    online = true;
    settlements.getAndIncrement();
    if (tree == null) {
      publish(layout.largestOrder());
    } else {
      publish(laidOut().largestFreeOrder());
    }
    runIndex.raise(number);
  }

  /**
   * Lets nobody allocate from the tree any more: none of its blocks is handed out after this; the
   * caller holds the lock. Counts as a settlement, as it takes flags of units away.
   */
  void takeOffline() {
    countNew(-1);
    online = false;
    settlements.getAndIncrement();
    Units open = units;
    if (tree != null && open != null) {
      units = null;
      Tree moved = tree.moved();
      tree = moved;
      idle = open.idle().moved(moved);
      open.retire();
      wordsReader.accept(TreeWords.NOTHING);
    }
    publish(LargestOrderIndex.NONE);
    runIndex.lower(number);
  }

  /**
   * Forgets everything for good, but adds to {@code former} what was done so far; the caller holds
   * the lock.
   */
  void remove(Tally former) {
    if (tree != null) {
      former.splits += tree.splits();
      idle().addSoFar(former);
    }
    if (units != null) {
      units = null;
      wordsReader.accept(TreeWords.NOTHING);
      Objects.requireNonNull(tree, "there are units, so there is a tree").retire();
    }
    countNew(-1);
    tree = null;
    idle = null;
    online = false;
    gone = true;
    publish(LargestOrderIndex.NONE);
    runIndex.lower(number);
  }

  /** Lets pages that nothing was allocated from count, or count no more: 1 or -1. */
  private void countNew(int sign) {
    if (tree == null && online == (sign < 0)) {
      patience.addNew((long) sign * layout.pageCount());
    }
  }

  /** Returns whether the tree's number is free; the caller holds the lock. */
  boolean isGone() {
    return gone;
  }

  /** Adds the allocated blocks; the caller holds the lock. */
  void addTo(AllocatedBlocks blocks) {
    if (tree != null) {
      tree.addTo(blocks);
    }
  }

  /** Adds the figures to {@code tally}; the caller holds the lock. */
  void addTo(Tally tally) {
    if (gone) {
      return;
    }
    settleUnderLock();
    Tally own = new Tally();
    layout.addWholeTo(own.initialBlocks);
    if (tree == null) {
      layout.addWholeTo(own.freeBlocks);
    } else {
      tree.addTo(own);
      idle().addTo(own);
    }
    tally.add(own, online);
  }

  /** Returns a hash of the metadata; the caller holds the lock. */
  long digest() {
    settleUnderLock();
    Units open = units;
    if (open != null) {
      open.placeAll();
      publish(open.largestFreeOrder());
      return open.digest() * 31 + published;
    }
    return (tree == null ? 0 : tree.digest() * 31) + published;
  }

  /** Checks the invariants; the caller holds the lock, and no operation is under way. */
  void validate() {
    settleUnderLock();
    Tree whole = tree;
    int largest = layout.largestOrder();
    if (whole != null) {
      Units open = units;
      Units checked = open == null ? units(whole, new Patience()) : open;
      checked.validate();
      largest = checked.largestFreeOrder();
    }
    boolean agrees = published == (online ? largest : LargestOrderIndex.NONE);
    agrees &= index.published(number) == published;
    Invariant.hold(agrees, "the index is wrong about tree", number);
    validateRuns();
  }

  /** Settles all that was freed so far; the caller holds the lock. */
  boolean settleUnderLock() {
    Units open = units;
    if (open == null || !open.settleAll()) {
      return false;
    }
    publish(open.largestFreeOrder());
    return true;
  }
}
