package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Where a thread allocates: for each order the word that served it last, so that its next request
 * goes straight there; the unit it draws on, which others leave alone as long as they can; the
 * block it allocated last; and the blocks of small orders it freed last. But for a block that a
 * {@link ConfinedEngine} holds, these are hints: they say where to look, the word says what is
 * free. So nothing is kept from others and nothing is lost with a thread.
 *
 * <p>An owned slot belongs to one thread at a time. Common slots are used by all threads that own
 * none; such a slot does not know what was allocated last.
 *
 * <p>Benign races: a cursor may lead to a unit that the slot does not draw on any more; it leads to
 * a word of its tree all the same. A stack of a common slot may lose a hint or give it out twice;
 * whoever claims the block first gets it, and what nobody is led to is found when its unit is
 * settled. Fields are written by the owner alone and read by others for figures only.
 */
final class Slot extends SlotPadding {

  /** Stands for no order. */
  static final int NONE = -1;

  /** The id of no thread. */
  static final long NOBODY = 0;

  /** The largest order whose freed blocks are remembered. */
  private static final int MAX_RECENT_ORDER = Tiers.UNIT_ORDER;

  private static final int STACK_SHIFT = 4;

  /** How many freed blocks of an order are remembered. */
  private static final int MAX_DEPTH = (1 << STACK_SHIFT) - 1;

  /** Where things stand in {@link #hints}, between ends that keep other objects' lines apart. */
  private static final int END = 16;

  private static final int CURSORS = END;
  private static final int UNITS = CURSORS + Orders.COUNT;
  private static final int SERVING = UNITS + Tiers.UNIT_ORDER;
  private static final int TOPS = SERVING + Tiers.UNIT_ORDER;
  private static final int RECENT = TOPS + MAX_RECENT_ORDER + 1;
  private static final int HINTS = RECENT + ((MAX_RECENT_ORDER + 1) << STACK_SHIFT) + END;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle ALLOCATIONS = field("allocations");
  private static final VarHandle SPLITS = field("splits");

  /** What no word ever says: its last place alone is free, and there is nothing before. */
  private static final long UNKNOWN = 1L << (BuddyWord.PLACES - 1);

  private final boolean common;

  /** Whose slot this is; another thread may read it, but finds no id there that is its own. */
  private long ownerId = NOBODY;

  /** Which units its requests look at first. */
  private final int home;

  private long allocations;
  private long splits;

  /** The block that was allocated last: its absolute page number, or -1. */
  private long page = -1;

  /**
   * Its page counted from the first of its tree, whose words these are; dead ones if it is gone.
   */
  private int pageInTree;

  private long[] words = TreeWords.NOTHING;

  /** Its word, its places there, and its order. */
  private int index;

  private long places;
  private int order;

  /**
   * What its word said when the block was freed last, before and after that; {@link #UNKNOWN} until
   * then. And the splits it takes to get the block out of the latter.
   */
  private long wordAllocated = UNKNOWN;

  private long wordFree = UNKNOWN;
  private int lastSplits;

  /** The order of the last block if it was freed and its slot may have it again, or NONE. */
  private int reusableOrder = NONE;

  /**
   * For each order its cursor, the unit it draws on, the unit's words that serve, and a stack of
   * blocks: where its top is, and, above {@link Block#NONE}, the blocks. They stand in one array,
   * as the collector may put arrays of two slots side by side.
   */
  private final long[] hints = new long[HINTS];

  /** Makes a slot that points nowhere, and whose requests look at units of that home first. */
  Slot(boolean common, int home) {
    this.common = common;
    this.home = home;
    Arrays.fill(hints, CURSORS, SERVING, Cursor.NOWHERE);
    for (int each = 0; each <= MAX_RECENT_ORDER; each++) {
      int bottom = RECENT + (each << STACK_SHIFT);
      hints[TOPS + each] = bottom;
      hints[bottom] = Block.NONE;
    }
  }

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(Slot.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Returns whether the slot belongs to the thread of that id. */
  boolean isOwnedBy(long threadId) {
    return ownerId == threadId;
  }

  /** Makes the thread of that id the slot's owner. */
  void setOwner(long threadId) {
    ownerId = threadId;
  }

  /** Returns the home whose units its requests look at first: see {@link DensityLists}. */
  int home() {
    return home;
  }

  /** Returns the allocations counted so far. */
  long allocations() {
    return allocations;
  }

  /** Returns the splits counted so far. */
  long splits() {
    return splits;
  }

  /** Counts an allocation that took that many splits. */
  void count(int newSplits) {
    if (common) {
      ALLOCATIONS.getAndAdd(this, 1L);
      SPLITS.getAndAdd(this, (long) newSplits);
    } else {
      allocations++;
      splits += newSplits;
    }
  }

  /** Counts several allocations that took that many splits together. */
  void count(int newAllocations, int newSplits) {
    if (common) {
      ALLOCATIONS.getAndAdd(this, (long) newAllocations);
      SPLITS.getAndAdd(this, (long) newSplits);
    } else {
      allocations += newAllocations;
      splits += newSplits;
    }
  }

  /**
   * Notes the block that was allocated last.
   *
   * @param newPage its absolute page number
   * @param newPageInTree its page counted from the first of its tree
   * @param newWords the words of its tree
   * @param newIndex the index of its word
   * @param newPlaces its places in the word
   */
  @SuppressWarnings("ReferenceEquality") // an array equals itself alone
  void noteAllocated(
      long newPage,
      int newPageInTree,
      int newOrder,
      long[] newWords,
      int newIndex,
      long newPlaces) {
    if (!common) {
      page = newPage;
      pageInTree = newPageInTree;
      if (words != newWords) { // A reference costs the collector's barrier, a look costs less.
        words = newWords;
      }
      order = newOrder;
      index = newIndex;
      places = newPlaces;
      wordAllocated = UNKNOWN;
      reusableOrder = NONE;
    }
  }

  /** Forgets what was allocated last. */
  void forgetLast() {
    page = -1;
    reusableOrder = NONE;
  }

  /** Returns the absolute page number of the block that was allocated last, or -1. */
  long lastPage() {
    return page;
  }

  /** Returns the page of the block that was allocated last, counted from the first of its tree. */
  int lastPageInTree() {
    return pageInTree;
  }

  /** Returns the words of the tree of the block that was allocated last. */
  long[] lastWords() {
    return words;
  }

  /** Returns the index of the word of the block that was allocated last. */
  int lastIndex() {
    return index;
  }

  /** Returns the places, in its word, of the block that was allocated last. */
  long lastPlaces() {
    return places;
  }

  /** Notes what the last block's word said when it was freed: before, and after. */
  void guess(long allocated, long free, int splits) {
    wordAllocated = allocated;
    wordFree = free;
    lastSplits = splits;
  }

  /** Returns whether the slot can guess what the last block's word says. */
  boolean guesses() {
    return wordAllocated != UNKNOWN;
  }

  /** Returns what the last block's word may say while the block is allocated. */
  long wordAllocated() {
    return wordAllocated;
  }

  /** Returns what the last block's word may say while the block is free. */
  long wordFree() {
    return wordFree;
  }

  /** Returns the splits it takes to get the last block out of {@link #wordFree}. */
  int lastSplits() {
    return lastSplits;
  }

  /** Returns the order of the block that was allocated last. */
  int lastOrder() {
    return order;
  }

  /** Returns the order of the last block if it was freed and may be had again, or {@link #NONE}. */
  int reusableOrder() {
    return reusableOrder;
  }

  /** Says whether the last block was freed and may be had again. */
  void setReusable(boolean reusable) {
    reusableOrder = reusable ? order : NONE;
  }

  /** Takes the block of the order that was noted last, or returns {@link Block#NONE}. */
  long popRecent(int order) {
    if (order > MAX_RECENT_ORDER) {
      return Block.NONE;
    }
    long top = hints[TOPS + order];
    long freed = hints[(int) top];
    if (freed != Block.NONE) {
      hints[TOPS + order] = top - 1;
    }
    return freed;
  }

  /** Notes a block that was freed; returns whether there was room. */
  boolean pushRecent(int order, long freed) {
    if (order > MAX_RECENT_ORDER) {
      return false;
    }
    int top = (int) hints[TOPS + order] + 1;
    if (((top - RECENT) & MAX_DEPTH) == 0) {
      return false;
    }
    hints[top] = freed;
    hints[TOPS + order] = top;
    return true;
  }

  /** Returns where requests of {@code order} go. */
  long cursor(int order) {
    return hints[CURSORS + order];
  }

  /** Lets requests of {@code order} go elsewhere. */
  void point(int order, long cursor) {
    hints[CURSORS + order] = cursor;
  }

  /** Returns which other words of the cursor's unit can serve the order, as bits: a hint. */
  int serving(int order) {
    return (int) hints[SERVING + order];
  }

  /** Notes which other words of the cursor's unit can serve the order. */
  void setServing(int order, int words) {
    hints[SERVING + order] = words;
  }

  /** Returns a cursor into the unit that requests of a small order draw on, or NOWHERE. */
  long unit(int order) {
    return (long) CELL.getOpaque(hints, UNITS + order);
  }

  /** Lets requests of a small order draw on another unit; returns a cursor into the one before. */
  long draw(int order, long cursor) {
    return (long) CELL.getAndSet(hints, UNITS + order, cursor);
  }
}
