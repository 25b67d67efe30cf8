package dev.twofold.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The state of every block of a tree that is not in its lists: allocated, or cached, which is free
 * in a cache. This is the one place where an allocation or a free takes effect.
 *
 * <p>A page has 4 bits, 16 pages a word. A block of order 0 uses those of its page; a larger block
 * starts at an even page and uses the 8 bits of its first two:
 *
 * <pre>
 *                     bits 7..4              bits 3..0
 *   order 0           (the next page's)      0001 allocated    0010 cached
 *   order 1 to 18     1, order bits 2..0     01, bits 4..3: allocated    10, bits 4..3: cached
 *   anything else     0000                   0000: in the lists, or inside a block
 * </pre>
 *
 * <p>Protocol: a state changes from and to "in the lists" only under the tree's lock; between
 * allocated and cached anyone may change it, by one compare-and-set of the word, and exactly one
 * wins. So of frees of one block that race, one succeeds; and any thread can claim a cached block.
 *
 * <p>An allocator that is confined to a thread uses the same functions with plain stores.
 */
abstract class BlockStates {

  /** Returned instead of an order when there is none. */
  static final int NONE = -1;

  /** No blocks: the states of a tree that was not used yet, or is closed. */
  static final BlockStates NOTHING = new Shared(Orders.pages(Orders.MAX_ORDER));

  private static final int PAGES_SHIFT = 4;
  private static final int PAGE_MASK = (1 << PAGES_SHIFT) - 1;
  private static final int SMALL_MASK = 0xF;
  private static final int SMALL_ALLOCATED = 1;
  private static final int SMALL_CACHED = 2;
  private static final int LARGE_MASK = 0xFF;
  private static final int LARGE_ALLOCATED = 4;
  private static final int LARGE_CACHED = 8;

  /** In the bits of a large block's second page, so that no state of order 0 looks like them. */
  private static final long LARGE_SECOND = 0x80;

  private static final int LARGE = LARGE_ALLOCATED | LARGE_CACHED;

  final long[] words;

  private BlockStates(int pageCount) {
    words = new long[(pageCount + PAGE_MASK) >>> PAGES_SHIFT];
  }

  /** Makes the states of {@code pageCount} pages, all in the lists. */
  static BlockStates of(int pageCount, boolean shared) {
    return shared ? new Shared(pageCount) : new Confined(pageCount);
  }

  /** Replaces a word if it is still {@code expected}. */
  abstract boolean swap(int index, long expected, long replacement);

  /** Reads a word as another thread may have written it. */
  abstract long word(int index);

  /**
   * Makes the allocated block at {@code page} a cached one and returns its order; or returns {@link
   * #NONE} and changes nothing if no allocated block starts there.
   */
  final int free(int page) {
    int index = page >>> PAGES_SHIFT;
    while (true) {
      long word = word(index);
      int order = allocatedOrder(word, page);
      if (order == NONE) {
        return NONE;
      }
      long flipped = order == 0 ? SMALL_ALLOCATED | SMALL_CACHED : LARGE;
      if (swap(index, word, word ^ (flipped << shift(page)))) {
        return order;
      }
    }
  }

  /**
   * Makes the cached block of {@code order} at {@code page} an allocated one; false if it is none.
   */
  final boolean claim(int page, int order) {
    return replace(page, order, cached(order), allocated(order));
  }

  /** Takes the cached block of {@code order} at {@code page} for the lists; false if it is none. */
  final boolean reclaim(int page, int order) {
    return replace(page, order, cached(order), 0);
  }

  /** Makes a block that came from the lists an allocated one. */
  final void setAllocated(int page, int order) {
    replace(page, order, 0, allocated(order));
  }

  /** Makes a block that came from the lists a cached one. */
  final void setCached(int page, int order) {
    replace(page, order, 0, cached(order));
  }

  /** Returns the order of the allocated block that starts at {@code page}, or {@link #NONE}. */
  final int allocatedOrder(int page) {
    return allocatedOrder(word(page >>> PAGES_SHIFT), page);
  }

  /** Returns the order of the block, allocated or cached, that starts at {@code page}, or NONE. */
  final int order(int page) {
    long word = word(page >>> PAGES_SHIFT);
    return Math.max(allocatedOrder(word, page), cachedOrder(word, page));
  }

  /**
   * Adds the allocated and the cached blocks of each order. Every block is counted once, as it is
   * at one moment during the call. O(pages / 16).
   */
  final void addTo(long[] allocatedBlocks, long[] cachedBlocks) {
    for (int index = 0; index < words.length; index++) {
      long word = word(index);
      for (int page = 0; word != 0 && page <= PAGE_MASK; page++) {
        int allocated = allocatedOrder(word, page);
        int cached = cachedOrder(word, page);
        if (allocated != NONE) {
          allocatedBlocks[allocated]++;
        } else if (cached != NONE) {
          cachedBlocks[cached]++;
        }
      }
    }
  }

  /** Returns a hash of all states. */
  final long digest() {
    return Arrays.hashCode(words);
  }

  private boolean replace(int page, int order, long expected, long replacement) {
    int index = page >>> PAGES_SHIFT;
    int shift = shift(page);
    long mask = (long) (order == 0 ? SMALL_MASK : LARGE_MASK) << shift;
    while (true) {
      long word = word(index);
      if ((word & mask) != expected << shift) {
        return false;
      }
      if (swap(index, word, (word & ~mask) | (replacement << shift))) {
        return true;
      }
    }
  }

  private static int allocatedOrder(long word, int page) {
    int pair = pair(word, page);
    if ((pair & LARGE) == 0) {
      return (word >>> shift(page) & SMALL_MASK) == SMALL_ALLOCATED ? 0 : NONE;
    }
    return (pair & LARGE) == LARGE_ALLOCATED && (page & 1) == 0 ? largeOrder(pair) : NONE;
  }

  private static int cachedOrder(long word, int page) {
    int pair = pair(word, page);
    if ((pair & LARGE) == 0) {
      return (word >>> shift(page) & SMALL_MASK) == SMALL_CACHED ? 0 : NONE;
    }
    return (pair & LARGE) == LARGE_CACHED && (page & 1) == 0 ? largeOrder(pair) : NONE;
  }

  private static long allocated(int order) {
    return order == 0 ? SMALL_ALLOCATED : large(order, LARGE_ALLOCATED);
  }

  private static long cached(int order) {
    return order == 0 ? SMALL_CACHED : large(order, LARGE_CACHED);
  }

  private static long large(int order, int state) {
    return LARGE_SECOND | ((long) (order & 7) << 4) | state | (order >>> 3);
  }

  private static int largeOrder(int pair) {
    return ((pair & 3) << 3) | ((pair >>> 4) & 7);
  }

  /** Returns the bits of {@code page} and its neighbour, of the even one first. */
  private static int pair(long word, int page) {
    return (int) (word >>> shift(page & ~1)) & LARGE_MASK;
  }

  private static int shift(int page) {
    return (page & PAGE_MASK) << 2;
  }

  private static final class Shared extends BlockStates {

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private Shared(int pageCount) {
      super(pageCount);
    }

    @Override
    boolean swap(int index, long expected, long replacement) {
      return WORD.compareAndSet(words, index, expected, replacement);
    }

    @Override
    long word(int index) {
      return (long) WORD.getOpaque(words, index);
    }
  }

  private static final class Confined extends BlockStates {

    private Confined(int pageCount) {
      super(pageCount);
    }

    @Override
    boolean swap(int index, long expected, long replacement) {
      words[index] = replacement;
      return true;
    }

    @Override
    long word(int index) {
      return words[index];
    }
  }
}
