package dev.twofold.core;

/**
 * A buddy tree of 32 places in one {@code long}: pure functions from a word to a place or to the
 * next word. Whoever swaps the word in has made the whole allocation or free, splits and merges
 * with it.
 *
 * <p>A place is what the word's tier counts ({@link Tiers}): a page, or a block of many. Two bits
 * tell what it is, bit p of the low half and bit p of the high half:
 *
 * <pre>
 *   low  high
 *    0    0    inside a block that starts further down, or nothing yet
 *    1    0    free
 *    0    1    first place of an allocated block; a place that is not covered looks like one
 *    1    1    broken up: a word of the next tier says what is in it; see also {@link UnitWord},
 *              {@link RunWord}, {@link HeldBlocks}
 * </pre>
 *
 * <p>The stripes of the word, orders 0 to 5, lie interleaved in these bits: a block of order k is
 * free if the bits of its 2^k places are. So stripe k is folded from the low half, k steps of one
 * and-shift each, and to split or to merge is to clear or to set bits; no list and no bit of a
 * larger order has to follow. An allocated block ends where the next place that is not "inside"
 * begins, so its order is a count of zeros.
 */
final class BuddyWord {

  /** Places of a word. */
  static final int PLACES = 32;

  /** Returned instead of a place or an order when there is none. */
  static final int NONE = -1;

  /** The largest order within a word: all 32 places. */
  static final int MAX_ORDER = 5;

  /** A word whose places are all free. */
  static final long FREE = 0xFFFF_FFFFL;

  /** A word of which only the lower 16 places are covered, and these are all free. */
  static final long FREE_HALF = 0xFFFF_0000_0000_FFFFL;

  private static final int PLACE_MASK = PLACES - 1;

  /** Tells the compiler that an order is none but {@link #NONE} alone. */
  private static final int ORDER_MASK = 7;

  /** Stands for the place behind the last one. */
  private static final long END = 1L << PLACES;

  private static final int SPLITS_SHIFT = 5;

  /** Where blocks of each order can start. */
  private static final int[] STARTS = {-1, 0x5555_5555, 0x1111_1111, 0x0101_0101, 0x0001_0001, 1};

  private BuddyWord() {}

  /**
   * Finds the lowest of the smallest free blocks that hold {@code order}.
   *
   * @return its {@link #place} and the {@link #splits} down to {@code order}; or {@link #NONE}
   */
  static int find(long word, int order) {
    int free = free(word);
    return free + (free & -free) == 0 ? findInRest(free, order) : findInHoles(free, order);
  }

  /** Finds it in a word that is free from some place on, as one is that fills up. */
  private static int findInRest(int free, int order) {
    int places = 1 << order;
    int place = (Integer.numberOfTrailingZeros(free) + places - 1) & -places;
    int larger = Integer.numberOfTrailingZeros(place | PLACES) - order;
    return place == PLACES ? NONE : place | (larger << SPLITS_SHIFT);
  }

  private static int findInHoles(int free, int order) {
    int blocks = blocks(free, order);
    if (blocks == 0) {
      return NONE;
    }
    for (int larger = order; larger < MAX_ORDER; larger++) {
      int pairs = pairs(blocks, larger);
      int single = blocks & ~(pairs | (pairs << (1 << larger)));
      if (single != 0) {
        return Integer.numberOfTrailingZeros(single) | ((larger - order) << SPLITS_SHIFT);
      }
      blocks = pairs;
    }
    return (MAX_ORDER - order) << SPLITS_SHIFT;
  }

  /**
   * Finds a free block of {@code order} that is split from no larger block than the one that {@link
   * #find} finds, and of which all places are among some, given as bits.
   *
   * @return as {@link #find}
   */
  static int findAmong(long word, int order, int places) {
    int found = find(word, order);
    if (found == NONE) {
      return NONE;
    }
    int smallest = order + splits(found);
    int larger = smallest == MAX_ORDER ? 0 : placesInBlocks(word, smallest + 1);
    int candidates = placesInBlocks(word, smallest) & ~larger & places;
    return findAnyAmong(word, order, candidates);
  }

  /**
   * Finds a free block of {@code order} of which all places are among some, given as bits, however
   * large the block is that it is split from: the lowest of the smallest blocks that are free and
   * of these places alone.
   *
   * @return as {@link #find}
   */
  static int findAnyAmong(long word, int order, int places) {
    int found = find(word & (places | (-1L << PLACES)), order);
    return found == NONE
        ? NONE
        : place(found) | ((splitsTo(word, place(found)) - order) << SPLITS_SHIFT);
  }

  /** Returns whether there is a free block of {@code order} or larger. */
  static boolean serves(long word, int order) {
    return freeBlocks(word, order) != 0;
  }

  /** Returns the place that {@link #find} found. */
  static int place(int found) {
    return found & PLACE_MASK;
  }

  /** Returns how many splits it takes to get the order that {@link #find} was asked for. */
  static int splits(int found) {
    return found >>> SPLITS_SHIFT;
  }

  /** Returns the places of the block of {@code order} at {@code place}, as bits. */
  static long places(int place, int order) {
    return ((1L << (1 << order)) - 1) << place;
  }

  /** Returns whether all of these places are free. */
  static boolean isFree(long word, long places) {
    return (word & (places | (places << PLACES))) == places;
  }

  /** Returns whether these places are an allocated block. */
  static boolean isAllocated(long word, long places) {
    long first = places & -places;
    long next = places + first;
    long starts = word | (word >>> PLACES) | END;
    return (word & (places | (places << PLACES))) == first << PLACES && (starts & next) != 0;
  }

  /**
   * Returns the word after the free block of these places was allocated, or after the allocated one
   * was freed: the same bits change either way.
   */
  static long toggled(long word, long places) {
    return word ^ (places | ((places & -places) << PLACES));
  }

  /** Returns the word after the free block of {@code order} at {@code place} was allocated. */
  static long allocated(long word, int place, int order) {
    return toggled(word, places(place, order));
  }

  /** Returns the order of the allocated block that starts at {@code place}, or {@link #NONE}. */
  static int allocatedOrder(long word, int place) {
    return isHead(word, place) ? headOrder(word, place) : NONE;
  }

  /** Returns whether an allocated block starts at {@code place}. */
  static boolean isHead(long word, int place) {
    return ((word >>> place) & (END | 1)) == END; // Bit 0 and bit 32 say what is at the place.
  }

  /** Returns the order of the allocated block that starts at {@code place}: there is one. */
  static int headOrder(long word, int place) {
    long startsBehind = (word | (word >>> PLACES) | END) >>> place >>> 1;
    return Integer.numberOfTrailingZeros(Long.numberOfTrailingZeros(startsBehind) + 1);
  }

  /** Returns the word after the allocated block that starts at {@code place} was held, or taken. */
  static long heldToggled(long word, int place) {
    return word ^ (1L << place);
  }

  /**
   * Returns how many places the allocated block has that starts at {@code place}: as many bits,
   * from the lowest on; or 0 if none starts there.
   */
  static long allocatedLength(long word, int place) {
    return isHead(word, place) ? headLength(word, place) : 0;
  }

  /** Returns the same of a place where an allocated block starts. */
  static long headLength(long word, int place) {
    long rest = word >>> place;
    long starts = (rest | (rest >>> PLACES) | (END >>> place)) >>> 1;
    return starts ^ (starts - 1);
  }

  /**
   * Returns the order of a block of so many places, 1 at least, given as {@link #allocatedLength}.
   */
  static int orderOf(long length) {
    return Integer.numberOfTrailingZeros(Long.bitCount(length)) & ORDER_MASK;
  }

  /** Returns the word after the allocated block that starts at {@code place} was freed. */
  static long freed(long word, int place) {
    return freed(word, place, allocatedLength(word, place));
  }

  /** Returns the same, if the block's {@link #allocatedLength} is known. */
  static long freed(long word, int place, long length) {
    return word ^ ((length | END) << place);
  }

  /** Returns the word after the free place was broken up. */
  static long broken(long word, int place) {
    return word | head(place);
  }

  /** Returns the word after several free places, given as bits, were broken up. */
  static long brokenAll(long word, int places) {
    return word | ((long) places << PLACES);
  }

  /** Returns the word after a place was covered no longer. */
  static long uncovered(long word, int place) {
    return (word & ~(1L << place)) | head(place);
  }

  /** Returns whether the place is broken up. */
  static boolean isBroken(long word, int place) {
    return ((brokenPlaces(word) >>> place) & 1) != 0;
  }

  /** Returns the places that are broken up, as bits. */
  static int brokenPlaces(long word) {
    return (int) word & (int) (word >>> PLACES);
  }

  /** Returns how many places are free. */
  static int freePlaces(long word) {
    return Integer.bitCount(free(word));
  }

  /** Returns the free places of two words side by side, as bits. */
  static long freePlaces(long word, long other) {
    return (free(word) & 0xFFFF_FFFFL) | ((long) free(other) << PLACES);
  }

  /** Returns the places in free blocks of {@code order} or larger, as bits. */
  static int placesInBlocks(long word, int order) {
    int places = freeBlocks(word, order);
    for (int larger = order; larger > 0; larger--) {
      places |= places << (1 << (larger - 1));
    }
    return places;
  }

  /** Returns which orders the free places of one or two words can serve, as bits. */
  static int servedOrders(long free) {
    long pairs = free & (free >>> 1) & 0x5555_5555_5555_5555L;
    long fours = pairs & (pairs >>> 2) & 0x1111_1111_1111_1111L;
    long eights = fours & (fours >>> 4) & 0x0101_0101_0101_0101L;
    long halves = eights & (eights >>> 8) & 0x0001_0001_0001_0001L;
    long wholes = halves & (halves >>> 16) & 0x0000_0001_0000_0001L;
    return bit(free)
        | (bit(pairs) << 1)
        | (bit(fours) << 2)
        | (bit(eights) << 3)
        | (bit(halves) << 4)
        | (bit(wholes) << 5);
  }

  /** Returns the order of the largest free block, or {@link #NONE}. */
  static int largestFreeOrder(long word) {
    return Orders.largestOf(servedOrders(freePlaces(word, 0)));
  }

  /** Returns the order of the free block, merged as far as it goes, at {@code place}, or NONE. */
  static int freeOrderAt(long word, int place) {
    int order = NONE;
    while (order < MAX_ORDER && ((freeBlocks(word, order + 1) >>> place) & 1) != 0) {
      order++;
    }
    return order;
  }

  /**
   * Returns stripe {@code order}: the blocks whose places are all free, a bit where each starts.
   */
  static int freeBlocks(long word, int order) {
    return blocks(free(word), order);
  }

  private static int blocks(int free, int order) {
    int blocks = free;
    for (int smaller = 0; smaller < order; smaller++) {
      blocks = pairs(blocks, smaller);
    }
    return blocks;
  }

  /**
   * Returns the word after these blocks of {@code order}, a bit where each starts, were allocated.
   */
  static long allocatedAll(long word, int starts, int order) {
    long all = starts & FREE;
    return (word & ~(all * places(0, order))) | (all << PLACES);
  }

  /** Returns the word after these free blocks, given likewise, were allocated and held. */
  static long heldAll(long word, int starts, int order) {
    return allocatedAll(word, starts, order) | (starts & FREE);
  }

  /** Returns how many free blocks there are, merged as far as they go. */
  static int countFreeBlocks(long word) {
    int count = 0;
    int blocks = free(word);
    for (int order = 0; blocks != 0; order++) {
      int pairs = order == MAX_ORDER ? 0 : pairs(blocks, order);
      count += Integer.bitCount(blocks) - 2 * Integer.bitCount(pairs);
      blocks = pairs;
    }
    return count;
  }

  /** Returns how many more free blocks there are in the next word. */
  static int moreFreeBlocks(long word, long next) {
    return countFreeBlocks(next) - countFreeBlocks(word);
  }

  /**
   * Adds the free and the allocated blocks to the counts.
   *
   * @param runs where blocks of a run start, which are allocated ({@link RunWord})
   * @param places how many places of the word count
   * @param order the order of a place in the whole tree, which is where the counts begin
   */
  static void addTo(
      long word, int runs, int places, int order, long[] freeBlocks, long[] allocatedBlocks) {
    int blocks = free(word);
    for (int larger = 0; blocks != 0; larger++) {
      int pairs = larger == MAX_ORDER ? 0 : pairs(blocks, larger);
      freeBlocks[order + larger] += Integer.bitCount(blocks) - 2L * Integer.bitCount(pairs);
      blocks = pairs;
    }
    int ends = ((int) (word | (word >>> PLACES)) >>> 1) | (1 << PLACE_MASK);
    int heads = (heads(word) | runs) & (int) ((1L << places) - 1);
    for (int larger = 0; heads != 0; larger++) {
      int complete = heads & (ends >>> ((1 << larger) - 1));
      allocatedBlocks[order + larger] += Integer.bitCount(complete);
      heads &= ~complete;
    }
  }

  /** Returns how many splits it takes to get a place out of the free block that it lies in. */
  private static int splitsTo(long word, int place) {
    long others = ~(free(word) & FREE);
    long below = others & ((1L << place) - 1);
    int next = Long.numberOfTrailingZeros(others >>> place) + place;
    int previous = below == 0 ? PLACES : Long.SIZE - 1 - Long.numberOfLeadingZeros(below);
    return Integer.SIZE
        - 1
        - Integer.numberOfLeadingZeros(Math.min(next ^ place, previous ^ place));
  }

  private static int bit(long blocks) {
    return blocks == 0 ? 0 : 1;
  }

  private static int free(long word) {
    return (int) word & ~(int) (word >>> PLACES);
  }

  private static int heads(long word) {
    return (int) (word >>> PLACES) & ~(int) word;
  }

  /** Returns the next stripe: where two buddies of {@code order} are both free. */
  private static int pairs(int blocks, int order) {
    return blocks & (blocks >>> (1 << order)) & STARTS[order + 1];
  }

  private static long head(int place) {
    return 1L << PLACES << place;
  }
}
