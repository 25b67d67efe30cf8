package dev.twofold.core;

import java.util.Arrays;

/**
 * Where free pages of one tree stand side by side: an index over its units. For whoever holds the
 * tree's lock.
 *
 * <p>A binary tree whose leaves are the units says of each of its nodes how many pages are free at
 * its start, at its end, and side by side anywhere in it; and, from the first search for pages that
 * are aligned on, how many side by side start at such an address ({@link AlignedRuns}). So a search
 * leaves out what cannot serve or lies outside of its window, and finds the first place of n pages
 * in O(log units).
 *
 * <p>Laid out at the first search and learned lazily: before a search, the units that changed since
 * are looked at, each O(1). As pages are allocated without the lock all the while, a unit may have
 * less than the index says, never more; whoever finds a place taken has its units looked at again.
 */
final class FreeRuns {

  /** Returned instead of a page or a unit when there is none. */
  static final int NONE = Tree.NONE;

  private static final int CHUNKS = Tiers.UNIT_PAGES / Long.SIZE;
  private static final int UPPER_UNITS = Tiers.places(Tiers.UPPER);

  /** By order: where blocks of it start among 64 pages. */
  private static final long[] ALIGNED = {
    -1L,
    0x5555_5555_5555_5555L,
    0x1111_1111_1111_1111L,
    0x0101_0101_0101_0101L,
    0x0001_0001_0001_0001L,
    0x0000_0001_0000_0001L,
    1
  };

  private final Words access;
  private final long[] words;
  private final int units;

  /** Pages of a unit; fewer if the tree's span is smaller than one. */
  private final int unitPages;

  /** Units to be looked at. */
  private final long[] changed;

  /** The units that were free as a whole when they were looked at last, a word of the tier each. */
  private final int[] whole;

  /** By node, numbered like a binary heap: free pages at its start, at its end, side by side. */
  private int[] starts = {};

  private int[] ends = {};
  private int[] longest = {};

  /** By order of alignment; null as long as there was no search for it. */
  private final AlignedRuns[] aligned = new AlignedRuns[Orders.COUNT];

  /**
   * A dense unit that a run was freed in, and the unit that served a run last; or {@link #NONE}.
   */
  private int freedUnit = NONE;

  private int servingUnit = NONE;

  /** The free pages of a unit, or where so many of them begin; zeros follow. */
  private final long[] bits = new long[2 * CHUNKS + 1];

  /** Indexes the units of a tree whose span is 2^{@code height} pages. */
  FreeRuns(Words access, long[] words, int height) {
    this.access = access;
    this.words = words;
    units = Tiers.unitCount(height);
    unitPages = Math.min(Tiers.UNIT_PAGES, Orders.pages(height));
    changed = new long[(units + Long.SIZE - 1) / Long.SIZE];
    whole = new int[(units + UPPER_UNITS - 1) / UPPER_UNITS];
  }

  /** Notes that a unit has changed. */
  void change(int unit) {
    changed[unit / Long.SIZE] |= 1L << unit;
  }

  /** Notes that every unit may have changed. */
  void changeAll() {
    for (int unit = 0; unit < units; unit++) {
      change(unit);
    }
  }

  /** Notes that a run was freed in a unit that had better stay dense. */
  void noteFreed(int unit) {
    freedUnit = unit;
  }

  /** Returns the unit that runs are taken from as long as it can serve them, or {@link #NONE}. */
  int servingUnit() {
    return servingUnit;
  }

  /** Lets runs be taken from another unit. */
  void setServingUnit(int unit) {
    servingUnit = unit;
  }

  /**
   * Returns the first of so many free pages side by side in the units that come first, without the
   * index, or {@link #NONE}. O(1).
   */
  int findNearby(int count, int alignment) {
    int page = freedUnit == NONE ? NONE : findInUnit(freedUnit, count, alignment);
    if (page == NONE) {
      freedUnit = NONE;
      page = servingUnit == NONE ? NONE : findInUnit(servingUnit, count, alignment);
    }
    return page;
  }

  /** Folds the bits of the unit's free pages until each says that so many are free from it on. */
  private int findInUnit(int unit, int count, int alignment) {
    readUnit(unit);
    for (int length = 1; length < count; ) {
      int step = Math.min(length, count - length);
      andShifted(step / Long.SIZE, step);
      length += step;
    }
    long aligned = ALIGNED[Math.min(ALIGNED.length - 1, Integer.numberOfTrailingZeros(alignment))];
    int step = Math.max(1, alignment / Long.SIZE);
    for (int chunk = 0; chunk < CHUNKS; chunk += step) {
      long starts = bits[chunk] & aligned;
      if (starts != 0) {
        return (unit << Tiers.UNIT_ORDER) + chunk * Long.SIZE + Long.numberOfTrailingZeros(starts);
      }
    }
    return NONE;
  }

  private void andShifted(int chunks, int shift) {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      long next = bits[chunk + chunks + 1] << 1 << (Long.SIZE - 1 - shift); // modulo 64
      bits[chunk] &= (bits[chunk + chunks] >>> shift) | next;
    }
  }

  /** Reads which pages of a unit are free. */
  private void readUnit(int unit) {
    long unitWord = access.word(words, Tiers.unitWord(unit));
    if (unitWord == 0) { // It is not broken up.
      Arrays.fill(bits, 0, CHUNKS, isFree(unit) ? -1L : 0);
      return;
    }
    int index = Tiers.firstPageWord(unit);
    int whole = (int) BuddyWord.freePlaces(unitWord, 0);
    int leading = UnitWord.leadingPlaces(unitWord);
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      long word = PageWords.assumed(access.word(words, index), leading);
      long other = PageWords.assumed(access.word(words, index + 1), leading >>> 1);
      long inLow = -(whole & 1L) & BuddyWord.FREE;
      long inHigh = -(long) (whole >>> 1 & 1) << BuddyWord.PLACES;
      bits[chunk] = BuddyWord.freePlaces(word, other) | inLow | inHigh;
      index += 2;
      whole >>>= 2;
      leading >>>= 2;
    }
  }

  /** Looks at what has changed; returns how many pages are free side by side at most. */
  int longest() {
    learn();
    return longest[1];
  }

  /** Returns how many pages were free at the start of the span when it was looked at last. */
  int atStart() {
    return starts[1];
  }

  /** Returns how many pages were free at its end then. */
  int atEnd() {
    return ends[1];
  }

  /** Tells the search what is free in the tree until it has found a place. */
  void tell(RunSearch search) {
    int[] most = longest(search.alignmentOrder());
    long spanPage = TreeWords.spanPage(words);
    int pages = units * unitPages;
    search.begin(spanPage, spanPage + pages);
    tell(search, most, 1, pages);
  }

  /** Looks at what has changed; returns how many pages side by side that are aligned nodes have. */
  private int[] longest(int alignmentOrder) {
    if (alignmentOrder != 0 && aligned[alignmentOrder] == null) {
      aligned[alignmentOrder] =
          new AlignedRuns(alignmentOrder, units, unitPages, TreeWords.spanPage(words));
      changeAll();
    }
    learn();
    return alignmentOrder == 0 ? longest : aligned[alignmentOrder].longest();
  }

  private void tell(RunSearch search, int[] most, int node, int pages) {
    boolean down = search.isTopDown();
    if (most[node] < search.pageCount() || !search.meetsNext(pages)) {
      tellBorders(
          search, pages, down ? ends[node] : starts[node], down ? starts[node] : ends[node]);
    } else if (node >= units) {
      tellUnit(search, node - units);
    } else {
      tell(search, most, 2 * node + (down ? 1 : 0), pages / 2);
      if (!search.isFound()) {
        tell(search, most, 2 * node + (down ? 0 : 1), pages / 2);
      }
    }
  }

  private static void tellBorders(RunSearch search, int pages, int atStart, int atEnd) {
    if (atStart > 0) {
      search.free(atStart);
    }
    if (atStart < pages) {
      search.taken(pages - atStart - atEnd);
      if (atEnd > 0) {
        search.free(atEnd);
      }
    }
  }

  private void tellUnit(RunSearch search, int unit) {
    boolean down = search.isTopDown();
    int bits = Math.min(unitPages, Long.SIZE);
    int chunks = unitPages / bits;
    readUnit(unit);
    for (int chunk = 0; chunk < chunks && !search.isFound(); chunk++) {
      long free = this.bits[down ? chunks - 1 - chunk : chunk];
      search.pages(down ? Long.reverse(free) >>> (Long.SIZE - bits) : free, bits);
    }
  }

  /** Looks at what has changed. */
  private void learn() {
    if (longest.length == 0) {
      starts = new int[2 * units];
      ends = new int[2 * units];
      longest = new int[2 * units];
    }
    learnWholeUnits();
    for (int word = 0; word < changed.length; word++) {
      for (long rest = changed[word]; rest != 0; rest &= rest - 1) {
        learn(word * Long.SIZE + Long.numberOfTrailingZeros(rest));
      }
      changed[word] = 0;
    }
  }

  /** Notes the units that are free as a whole and were not, or were and are not. */
  private void learnWholeUnits() {
    for (int place = 0; place < whole.length; place++) {
      int now = freeUnits(place * UPPER_UNITS);
      for (int rest = now ^ whole[place]; rest != 0; rest &= rest - 1) {
        change(place * UPPER_UNITS + Integer.numberOfTrailingZeros(rest));
      }
      whole[place] = now;
    }
  }

  private void learn(int unit) {
    int node = units + unit;
    int run = 0;
    int best = 0;
    int first = unitPages;
    int size = Math.min(unitPages, Long.SIZE);
    readUnit(unit);
    for (int chunk = 0; chunk < unitPages / size; chunk++) {
      long free = bits[chunk];
      int atStart = Math.min(size, Long.numberOfTrailingZeros(~free));
      if (atStart < size) {
        first = Math.min(first, chunk * Long.SIZE + atStart);
        best = longestIn(free, Math.max(best, run + atStart));
        run = Long.numberOfLeadingZeros(~free << (Long.SIZE - size));
      } else {
        run += size;
      }
    }
    starts[node] = first;
    ends[node] = run;
    longest[node] = Math.max(best, run);
    for (int pages = unitPages; node > 1; pages *= 2) {
      node /= 2;
      combine(node, pages);
    }
    for (AlignedRuns runs : aligned) {
      if (runs != null) {
        learn(runs, unit);
      }
    }
  }

  /** Learns a unit whose pages were read just now, and the nodes that it is part of. */
  private void learn(AlignedRuns runs, int unit) {
    runs.learn(unit, bits);
    int node = (units + unit) / 2;
    for (int pages = unitPages; node > 0; pages *= 2) {
      int middle = (unit * unitPages & -(2 * pages)) + pages;
      runs.combine(node, middle, ends[2 * node], starts[2 * node + 1]);
      node /= 2;
    }
  }

  /** Learns a node from its two children of so many pages each. */
  private void combine(int node, int pages) {
    int left = 2 * node;
    int right = left + 1;
    starts[node] = starts[left] == pages ? pages + starts[right] : starts[left];
    ends[node] = ends[right] == pages ? pages + ends[left] : ends[right];
    int across = ends[left] + starts[right];
    longest[node] = Math.max(across, Math.max(longest[left], longest[right]));
  }

  /** Returns how many bits side by side are set at most, if they are more than so many. */
  private static int longestIn(long bits, int atLeast) {
    long rest = Long.bitCount(bits) > atLeast ? bits : 0;
    for (int length = 1; length <= atLeast && rest != 0; ) {
      int step = Math.min(length, atLeast + 1 - length);
      rest &= rest >>> step;
      length += step;
    }
    int longest = atLeast;
    for (; rest != 0; rest &= rest >>> 1) {
      longest++;
    }
    return longest;
  }

  private boolean isFree(int unit) {
    return ((freeUnits(unit) >>> unit) & 1) != 0;
  }

  /** Returns which of the 32 units that this one stands among are free as a whole, as bits. */
  private int freeUnits(int unit) {
    int free = (int) BuddyWord.freePlaces(access.word(words, Tiers.wholeUnitWord(unit)), 0);
    if (free != 0) {
      return free;
    }
    int page = unit << Tiers.UNIT_ORDER;
    int place = Tiers.place(Tiers.TOP, page);
    long top = access.word(words, Tiers.word(Tiers.TOP, page));
    return RunWord.areFree(top, place, place + 1) ? -1 : 0;
  }
}
