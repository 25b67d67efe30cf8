package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Where a thread allocates: for each order the word that served it last, so that its next request
 * goes straight there; the unit it draws on, which others leave alone as long as they can; the
 * block it allocated last; and the blocks it freed last. But for blocks that a {@link
 * ConfinedEngine} holds, these are hints: they say where to look, the word says what is free. So
 * nothing is kept from others and nothing is lost with a thread.
 *
 * <p>A thread that frees the block it allocated last will do so again. So that block is
 * <b>known</b> from then on ({@link KnownBlock}): the thread's first one at once, the next ones
 * after more and more repeats; until others are wanted one time in three or more.
 *
 * <p>An owned slot belongs to one thread at a time. Common slots are used by all threads that own
 * none ({@link CommonSlots}); such a slot does not know what was allocated last.
 *
 * <p>Benign races: a cursor may lead to a unit that the slot does not draw on any more; it leads to
 * a word of its tree all the same. A stack of a common slot may lose a hint or give it out twice;
 * whoever claims the block first gets it, and what nobody is led to is found when its unit is
 * settled. It may also hand out what stands above its blocks, which is no page, and keep more of
 * them than it should. What an owner or a borrower counts is written by it alone, and read by
 * others for figures only.
 */
abstract class Slot extends KnownBlock {

  /** The id of no thread. */
  static final long NOBODY = 0;

  /**
   * How many repeats it takes at most until a block gets known, or twice as many if the last one to
   * repeat so often was of another order. Who replaces few blocks, of several orders, frees some
   * right after they were allocated by chance, and to know a block in the place of another one
   * takes longer than to free it like any other.
   */
  private static final int MAX_REPEATS = 8;

  /** The known block is forgotten if it is passed over twice in fewer allocations than this. */
  private static final int WANTED = 4;

  /** How often a common slot serves until a thread looks for one to own: a power of two. */
  private static final int USES = 64;

  /**
   * After how many allocations, about, a loan ends, so that its thread looks for a slot to own: a
   * power of two.
   */
  private static final int LOAN = 1024;

  /** Stands above the blocks of an order that are remembered; below them stands NO_PAGE. */
  private static final long FULL = -2;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle OTHER_ALLOCATIONS = field("otherAllocations");
  private static final VarHandle OTHER_SPLITS = field("otherSplits");

  private final boolean common;

  /** Who has it, or used it last if it is common. Others who read it never find their own id. */
  private long ownerId = NOBODY;

  /** Which units its requests look at first. */
  private final int home;

  /** How often a common slot was used by some thread that looked for one, about. */
  private int uses;

  /** The thread that a common slot is lent to, which counts in it like an owner, or NOBODY. */
  private volatile long borrowerId = NOBODY;

  /** What the owner counted, or those did that the slot was lent to one after the other. */
  private long allocations;

  private long splits;

  /** What all others counted. */
  private long otherAllocations;

  private long otherSplits;

  /**
   * The tree that its requests for small blocks were sent to last: the absolute number of the first
   * of its span, its first page and how many pages it has, and its words, or dead ones. None at
   * first, and never one if the slot is common: that has it as one object instead.
   */
  private long treeSpanPage;

  private long treeFirstPage;
  private long treePageCount;
  private long[] treeWords = TreeWords.NOTHING;

  private NearTree commonTree = NearTree.NONE;

  /** The absolute page number of the block that was allocated last, or NO_PAGE. */
  private long lastPage = NO_PAGE;

  /** The last of the blocks that were freed as the one allocated last, and its repeats. */
  private long repeatedPage = NO_PAGE;

  private int repeats;

  /** The order of the last one that had repeated often enough. */
  private int repeatedOrder = NONE;

  /** How many allocations were counted when the known block was passed over last. */
  private long allocationsAtPassOver;

  /** Whether free memory was scarce when a unit was looked for last. */
  private boolean scarce;

  /** How many repeats it takes until the next block gets known. */
  private int neededRepeats = 1;

  /**
   * For each order its cursor, the unit it draws on, the unit's words that serve, and a stack of
   * absolute page numbers: where its top is, and what lies between {@link #NO_PAGE} and {@link
   * #FULL}. They stand in one array, as the collector may put two slots' arrays side by side.
   */
  private final long[] hints = new long[SlotHints.LENGTH];

  /** Makes a slot that points nowhere, and whose requests look at units of that home first. */
  Slot(boolean common, int home) {
    this.common = common;
    this.home = home;
    for (int order = 0; order < Orders.COUNT; order++) {
      hints[SlotHints.cursor(order)] = Cursor.NOWHERE;
      hints[SlotHints.unit(order)] = Cursor.NOWHERE;
      hints[SlotHints.top(order)] = SlotHints.bottom(order);
      hints[SlotHints.bottom(order)] = NO_PAGE;
      hints[SlotHints.full(order)] = FULL;
    }
  }

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(Slot.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Returns whether the slot belongs to the thread of that id, or was used by it last. */
  boolean isOwnedBy(long threadId) {
    return ownerId == threadId;
  }

  /** Notes that the thread of that id is the slot's owner, or uses it. */
  void setOwner(long threadId) {
    ownerId = threadId;
    neededRepeats = 1;
  }

  /**
   * Returns whether the slot is common and lent to the thread of that id, the current one. If it
   * is, nobody else is lent it until the thread waits.
   */
  boolean isLentTo(long threadId) {
    return borrowerId == threadId;
  }

  /** Lends the slot, which is common, to the thread of that id or to NOBODY. */
  void lendTo(long threadId) {
    borrowerId = threadId;
  }

  /**
   * Returns whether a thread that owns no slot uses this common one again, or had better see first
   * whether there is one to own by now. Benign race: threads count together, and some may get lost.
   */
  boolean serves() {
    uses++;
    return (uses & (USES - 1)) != 0;
  }

  /** Returns the home whose units its requests look at first: see {@link UnitBins}. */
  int home() {
    return home;
  }

  /** Returns the allocations counted so far. */
  long allocations() {
    return allocations + otherAllocations;
  }

  /** Returns the splits counted so far. */
  long splits() {
    return splits + otherSplits;
  }

  /** Counts allocations that took that many splits together. */
  void count(int newAllocations, int newSplits) {
    if (!common || isLentTo(Thread.currentThread().threadId())) {
      allocations += newAllocations;
      splits += newSplits;
      if (common && (allocations & (LOAN - 1)) == 0) {
        lendTo(NOBODY);
      }
    } else {
      countBeside(newAllocations, newSplits);
    }
  }

  private void countBeside(int newAllocations, int newSplits) {
    OTHER_ALLOCATIONS.getAndAdd(this, (long) newAllocations);
    if (newSplits != 0) {
      OTHER_SPLITS.getAndAdd(this, (long) newSplits);
    }
  }

  /** Counts an allocation and notes the block, by its absolute page number. */
  void noteAllocated(long page, int newSplits) {
    if (common) {
      count(1, newSplits);
    } else { // Counted here, as a second look at what the slot is costs each allocation.
      allocations++;
      splits += newSplits;
      lastPage = page;
    }
  }

  /** Notes the tree that requests for small blocks are sent to, and its words. */
  @SuppressWarnings("ReferenceEquality") // an array equals itself alone
  void noteTree(TreeLayout layout, long[] words) {
    if (common) {
      if (commonTree.words() != words) {
        commonTree = NearTree.of(layout, words);
      }
    } else {
      treeSpanPage = layout.spanPage();
      treeFirstPage = treeSpanPage + layout.firstPage();
      treePageCount = layout.pageCount();
      if (treeWords != words) { // A reference costs the collector's barrier, a look costs less.
        treeWords = words;
      }
    }
  }

  /** Returns the tree of a slot that is common. */
  NearTree commonTree() {
    return commonTree;
  }

  /** Returns whether the page is one of the slot's tree; never if the slot is common. */
  boolean isNear(long page) {
    return Long.compareUnsigned(page - treeFirstPage, treePageCount) < 0;
  }

  /** Returns which page of the slot's tree the page is that has this absolute number. */
  int pageInTree(long page) {
    return (int) (page - treeSpanPage);
  }

  /** Returns the words of the slot's tree. */
  long[] treeWords() {
    return treeWords;
  }

  /** Notes what was allocated last; for a slot that is not common. */
  void noteLast(long page) {
    lastPage = page;
  }

  /** Forgets what was allocated last. */
  void forgetLast() {
    lastPage = NO_PAGE;
  }

  /** Returns the absolute page number of the block that was allocated last, or NO_PAGE. */
  long lastPage() {
    return lastPage;
  }

  /**
   * Notes that the block that was allocated last is freed; returns whether it may be one to be
   * known. If so, its order decides. If it is not known already, that takes the more repeats, the
   * more blocks got known before.
   */
  boolean mayRepeat(long page) {
    if (reusableOrder() != NONE && staysKnown()) {
      return false;
    }
    if (neededRepeats == 1 || knows(page)) {
      return true;
    }
    repeats = repeatedPage == page ? repeats + 1 : 0;
    repeatedPage = page;
    return repeats >= neededRepeats;
  }

  /**
   * Notes that another block was allocated and freed though the known one might be had again. If
   * that happens often, the known one is forgotten, as to try it each time takes longer; until then
   * no other gets known.
   */
  private boolean staysKnown() {
    boolean stays = allocations - allocationsAtPassOver >= WANTED;
    allocationsAtPassOver = allocations;
    if (!stays) {
      forgetKnown();
    }
    return stays;
  }

  /** Returns whether that block is to be known: it is, or the last one was of the same order. */
  boolean repeats(long page, int order) {
    if (knows(page) && order() == order) {
      return true;
    }
    boolean again = neededRepeats == 1 || repeatedOrder == order;
    repeatedOrder = order;
    repeats = 0;
    if (again) {
      neededRepeats = Math.min(neededRepeats + 1, MAX_REPEATS);
      allocationsAtPassOver = allocations - WANTED;
    }
    return again;
  }

  /** Counts an allocation of the known block; returns its absolute page number. */
  long takeKnown() {
    allocations++; // No common slot knows a block.
    return knownPage();
  }

  /** Counts an allocation that took no split, and notes the block; of a slot that is not common. */
  void noteTaken(long page) {
    allocations++;
    lastPage = page;
  }

  /** Takes the block of the order that was noted last, or returns {@link #NO_PAGE}. */
  long popRecent(int order) {
    int topIndex = SlotHints.top(order);
    long top = hints[topIndex];
    long page = hints[(int) top];
    if (page != NO_PAGE) {
      hints[topIndex] = top - 1;
    }
    return page;
  }

  /** Notes the absolute page number of a block that was freed; returns whether there was room. */
  boolean pushRecent(int order, long page) {
    int topIndex = SlotHints.top(order);
    int top = (int) hints[topIndex] + 1;
    if (hints[top] == FULL) {
      return false;
    }
    hints[top] = page;
    hints[topIndex] = top;
    return true;
  }

  /**
   * Notes whether free memory is scarce. If it is, fewer of the larger freed blocks are remembered,
   * as requests of other threads and orders are not led to those; what is too much is forgotten.
   */
  void setScarce(boolean now) {
    for (int order = 0; scarce != now && order < Tiers.UNIT_ORDER; order++) {
      int full = SlotHints.scarceFull(order);
      int top = SlotHints.top(order);
      hints[top] = Math.min(hints[top], full - 1);
      hints[full] = now || full == SlotHints.full(order) ? FULL : NO_PAGE;
    }
    scarce = now;
  }

  /** Returns where requests of {@code order} go. */
  long cursor(int order) {
    return hints[SlotHints.cursor(order)];
  }

  /** Lets requests of {@code order} go elsewhere. */
  void point(int order, long cursor) {
    hints[SlotHints.cursor(order)] = cursor;
  }

  /** Returns which other words of the cursor's unit can serve the order, as bits: a hint. */
  int serving(int order) {
    return (int) hints[SlotHints.serving(order)];
  }

  /** Notes which other words of the cursor's unit can serve the order. */
  void setServing(int order, int words) {
    hints[SlotHints.serving(order)] = words;
  }

  /** Returns a cursor into the unit that requests of a small order draw on, or NOWHERE. */
  long unit(int order) {
    return (long) CELL.getOpaque(hints, SlotHints.unit(order));
  }

  /** Lets requests of a small order draw on another unit; returns a cursor into the one before. */
  long draw(int order, long cursor) {
    return (long) CELL.getAndSet(hints, SlotHints.unit(order), cursor);
  }
}
