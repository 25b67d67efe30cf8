package dev.twofold.core;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;

/**
 * A tree with its lock, its units and its leaf of the index. The metadata is laid out at the first
 * allocation; until then the layout alone tells what is free.
 *
 * <p>Blocks are allocated from words and freed to them without the lock. Under it, a thread whose
 * word is exhausted gets another one.
 *
 * <p>Invariants whenever the lock is free: every free block is in a unit that stands in the lists
 * for its order or a larger one, or in the upper tiers, or was freed and is not settled yet; the
 * index holds at least the largest order of the units that no slot draws on, or none if closed.
 * Safe for use by any thread.
 */
final class LockedTree {

  /** Returned instead of a page when there is none. */
  static final int NONE = Tree.NONE;

  private final StampedLock lock = new StampedLock();
  private final TreeLayout layout;
  private final LargestOrderIndex index;
  private final int leaf;
  private final long[][] allWords;
  private final Words access;
  private final Patience patience;
  private final AtomicLong settlements = new AtomicLong();

  /** Held while units are kept from everybody; taken before the lock of the tree. */
  private final ReentrantLock keeping = new ReentrantLock();

  /** Whether units are kept from everybody; changed under both locks. */
  private volatile boolean keeps;

  /** Null until the first allocation; used under the lock, but for releases. */
  private volatile @Nullable Units units;

  /** What the index holds for this tree; guarded by the lock. */
  private int published = LargestOrderIndex.NONE;

  private boolean closed;

  /**
   * Makes a tree that publishes at {@code leaf} of {@code index}, and its words in {@code
   * allWords}.
   *
   * @param access how its words are changed
   * @param patience how long units wait, of all trees together
   */
  LockedTree(
      TreeLayout layout,
      LargestOrderIndex index,
      int leaf,
      long[][] allWords,
      Words access,
      Patience patience) {
    this.layout = layout;
    this.index = index;
    this.leaf = leaf;
    this.allWords = allWords;
    this.access = access;
    this.patience = patience;
    publish(layout.largestOrder());
  }

  /** Returns the absolute number of page 0. */
  long spanPage() {
    return layout.spanPage();
  }

  /** Returns whether the unit that the cursor leads to seems to have more words for the order. */
  boolean unitServes(int order, long cursor) {
    int unit = Cursor.unit(cursor);
    return unit != Cursor.NONE
        && Tiers.of(order) == Tiers.PAGES
        && BuddyWord.serves(access.word(words(), Tiers.unitWord(unit)), 0);
  }

  /** Allocates a block of pages from a new word of the unit that the cursor leads to, or NONE. */
  int allocateInUnit(int order, long cursor) {
    long stamp = lock.writeLock();
    try {
      Units open = units;
      return open == null || closed
          ? NONE
          : open.allocateFromNewPageWord(Cursor.unit(cursor), order);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Allocates a block of {@code order} and returns its first page, or {@link #NONE}; throws if
   * closed.
   *
   * @param draws whether its unit, if the order is smaller than one, counts as drawn on; the caller
   *     tells the slot, and releases the one before
   */
  int allocate(int order, Slot slot, boolean draws) {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
      if (published < order) {
        return NONE;
      }
      Units open = laidOut();
      int page =
          order < Tiers.UNIT_ORDER
              ? open.allocateSmall(order, slot, leaf, draws)
              : open.allocateLarge(order);
      publish(open.largestFreeOrder());
      return page;
    } finally {
      lock.unlockWrite(stamp);
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
    long stamp = lock.writeLock();
    try {
      Units open = units;
      return open == null || closed ? NONE : open.allocateFromUnitInUse(order);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Says that a slot draws on {@code unit} no longer, which is settled some time then like one that
   * was freed to. Returns whether the tree has units that are worth it, and had none before.
   *
   * @param order what the unit has no block for any more, or that of a unit if that is not known
   */
  boolean release(int unit, int order) {
    Units open = units;
    if (open == null || !open.release(unit)) {
      return false;
    }
    ReturnedUnits.add(access, words(), unit);
    return ReturnedUnits.addWorthwhile(access, words(), unit, Orders.pages(order) - 1, unit);
  }

  /** Settles the units that are worth it. */
  void settleWorthwhile() {
    long stamp = lock.writeLock();
    try {
      Units open = units;
      if (open != null && !closed) {
        open.settleWorthwhile();
        publish(open.largestFreeOrder());
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Settles all that was freed so far, and waits for a thread that is settling some; returns
   * whether this counted as a settlement.
   */
  boolean settle() {
    if (ReturnedUnits.isEmpty(access, words()) && !lock.isWriteLocked()) {
      return false;
    }
    long stamp = lock.writeLock();
    try {
      return settleUnderLock();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Keeps units that {@link IdleUnits#find} finds in a group from everybody, and returns them. If
   * there are any, the same thread must {@link #release} them.
   */
  int keepIdle(int group, int order, long now, long idleSince) {
    keeping.lock();
    int kept = 0;
    try {
      kept = keepIdleUnderLock(group, order, now, idleSince);
      return kept;
    } finally {
      if (kept == 0) {
        keeping.unlock();
      }
    }
  }

  /** Makes units that were kept free again: see {@link IdleUnits#release}. */
  void release(int group, int kept, int back, long now, int calls) {
    long stamp = lock.writeLock();
    try {
      Units open = laidOut();
      open.release(group, kept, back, now, calls);
      publish(open.largestFreeOrder());
      keeps = false;
    } finally {
      lock.unlockWrite(stamp);
      keeping.unlock();
    }
  }

  /** Waits until no units are kept from everybody; returns whether there were any. */
  boolean awaitRelease() {
    if (!keeps) {
      return false;
    }
    keeping.lock();
    try {
      return true;
    } finally {
      keeping.unlock();
    }
  }

  /** Returns whether a block, allocated just now, reads as zero. */
  boolean isZero(int page, int order) {
    Units open = units;
    int count = Orders.pages(Math.max(0, order - Tiers.UNIT_ORDER));
    return open != null && open.ages().areZero(page >>> Tiers.UNIT_ORDER, count);
  }

  /** Allocates a block of whole units that reads as zero: see {@link Tree#allocateZero}. */
  int allocateZero(int order) {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
      Units open = laidOut();
      int page = open.allocateZero(order);
      publish(open.largestFreeOrder());
      return page;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Returns whether units were freed to that are not settled. */
  boolean isUnsettled() {
    return !ReturnedUnits.isEmpty(access, words());
  }

  /** Returns how often units were settled, counting one that is just under way. */
  long settlements() {
    return settlements.get();
  }

  /** Says of an address of the tree, as the end of a sentence, why no block can be freed there. */
  String whyNotAllocated(long address, int pageShift) {
    int page = (int) ((address >>> pageShift) - spanPage());
    int start = Tree.allocatedPageAround(access, words(), page);
    boolean starts = start == page && (spanPage() + page) << pageShift == address;
    return start == NONE || starts
        ? "is not allocated: it was freed before or never handed out"
        : "is not the start of a block but lies inside the one at 0x%x"
            .formatted((spanPage() + start) << pageShift);
  }

  /** Throws if closed; all trees of an allocator are closed at once. */
  void requireOpen() {
    long stamp = lock.writeLock();
    try {
      requireOpenUnderLock();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Waits until no units are kept from everybody, and lets nobody keep any. */
  void lockKeeping() {
    keeping.lock();
  }

  /**
   * Keeps everyone else from what the lock guards until {@link #unlock} gets the stamp back. The
   * caller holds the lock of {@link #lockKeeping}.
   */
  long lock() {
    return lock.writeLock();
  }

  /** Lets go of both locks. */
  void unlock(long stamp) {
    lock.unlockWrite(stamp);
    keeping.unlock();
  }

  /** Adds the figures to {@code tally}; the caller holds the lock. */
  void addTo(Tally tally) {
    requireOpenUnderLock();
    layout.addWholeTo(tally.initialBlocks);
    settleUnderLock();
    Units open = units;
    if (open == null) {
      layout.addWholeTo(tally.freeBlocks);
    } else {
      open.addTo(tally);
    }
  }

  /** Returns a hash of the metadata; the caller holds the lock. */
  long digest() {
    requireOpenUnderLock();
    settleUnderLock();
    Units open = units;
    if (open == null) {
      return published;
    }
    open.placeAll();
    publish(open.largestFreeOrder());
    return open.digest() * 31 + published;
  }

  /** Checks the invariants; the caller holds the lock, and no operation is under way. */
  void validate() {
    requireOpenUnderLock();
    settleUnderLock();
    Units open = units;
    if (open != null) {
      open.validate();
    }
    int largest = open == null ? layout.largestOrder() : open.largestFreeOrder();
    boolean agrees = published == largest && index.published(leaf) == published;
    Invariant.hold(agrees, "the index is wrong about tree", leaf);
  }

  /** Refuses everything from now on; the caller holds the lock. */
  void close() {
    closed = true;
    TreeWords.withdraw(allWords, leaf);
    publish(LargestOrderIndex.NONE);
  }

  private int keepIdleUnderLock(int group, int order, long now, long idleSince) {
    long stamp = lock.writeLock();
    try {
      Units open = units;
      if (open == null || closed) {
        return 0;
      }
      int kept = open.keepIdle(group, order, now, idleSince);
      publish(open.largestFreeOrder());
      keeps = kept != 0;
      return kept;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private boolean settleUnderLock() {
    Units open = units;
    if (open == null || closed || !open.settleAll()) {
      return false;
    }
    publish(open.largestFreeOrder());
    return true;
  }

  private Units laidOut() {
    Units existing = units;
    if (existing != null) {
      return existing;
    }
    Tree tree = new Tree(layout, access);
    Units laidOut =
        new Units(tree, access, Tiers.unitCount(layout.height()), patience, settlements);
    units = laidOut;
    TreeWords.publish(allWords, leaf, tree.words());
    return laidOut;
  }

  private long[] words() {
    return TreeWords.of(allWords, leaf);
  }

  private void publish(int largestFreeOrder) {
    if (largestFreeOrder != published) {
      index.publish(leaf, largestFreeOrder);
      published = largestFreeOrder;
    }
  }

  private void requireOpenUnderLock() {
    if (closed) {
      throw new IllegalStateException("the allocator is closed");
    }
  }
}
