package dev.twofold.core;

import java.util.concurrent.atomic.AtomicLong;
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
    int start = Blocks.allocatedPageAround(access, words(), page);
    boolean starts = start == page && (spanPage() + page) << pageShift == address;
    return start == NONE || starts
        ? "is not allocated: it was freed before or never handed out"
        : insideOf((spanPage() + start) << pageShift);
  }

  /** Says, as the end of a sentence, that an address lies in the block or run at {@code start}. */
  static String insideOf(long start) {
    return "is not the start of a block but lies inside the one at 0x%x".formatted(start);
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

  /** Keeps everyone else from what the lock guards until {@link #unlock} gets the stamp back. */
  long lock() {
    return lock.writeLock();
  }

  void unlock(long stamp) {
    lock.unlockWrite(stamp);
  }

  /** Tells a search what is free; the caller holds the lock and has settled all. */
  void tell(RunSearch search) {
    Units open = units;
    if (open != null) {
      open.tell(search, spanPage());
      return;
    }
    long end = spanPage() + Orders.pages(layout.height());
    long behind = end - (spanPage() + layout.endPage());
    search.begin(spanPage(), end);
    search.taken(search.isTopDown() ? behind : layout.firstPage());
    search.free(layout.pageCount());
    search.taken(search.isTopDown() ? layout.firstPage() : behind);
  }

  /** Takes pages for a run, or changes nothing; the caller holds the lock and has settled all. */
  boolean claimRun(int from, int to) {
    Units open = laidOut();
    boolean claimed = open.claimRun(from, to);
    publish(open.largestFreeOrder());
    return claimed;
  }

  /** Frees pages of a run; the caller holds the lock. */
  void releaseRun(int from, int to) {
    Units open = laidOut();
    open.releaseRun(from, to);
    publish(open.largestFreeOrder());
  }

  /** Undoes the last {@link #claimRun}; the caller holds the lock. */
  void takeBackRun(int from, int to) {
    Units open = laidOut();
    open.takeBackRun(from, to);
    publish(open.largestFreeOrder());
  }

  /** Returns whether something was allocated from the tree once; the caller holds the lock. */
  boolean isLaidOut() {
    return units != null;
  }

  /** Returns the runs, to look at and to mark; the caller holds the lock. */
  TreeRuns runs() {
    requireOpenUnderLock();
    Units open = units;
    return open == null ? new TreeRuns(access, words(), layout.height()) : open.runs();
  }

  /** Returns the absolute number of the first page that the tree covers. */
  long firstPage() {
    return spanPage() + layout.firstPage();
  }

  /** Returns the absolute number of the page behind the last that the tree covers. */
  long endPage() {
    return spanPage() + layout.endPage();
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

  /** Settles all that was freed so far; the caller holds the lock. */
  boolean settleUnderLock() {
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
    Units laidOut = new Units(tree, access, layout.height(), patience, settlements);
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

  /** Throws if closed; the caller holds the lock. */
  void requireOpenUnderLock() {
    if (closed) {
      throw new IllegalStateException("the allocator is closed");
    }
  }
}
