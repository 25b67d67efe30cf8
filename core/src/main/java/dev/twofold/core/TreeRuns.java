package dev.twofold.core;

import java.util.Arrays;

/**
 * The runs of one tree: mechanism. Pages side by side, any number of them, are taken from the
 * tree's words and put back ({@link RunWord}). For whoever holds the tree's lock, while others
 * allocate and free blocks within the words.
 *
 * <p>A bit for each page says that a run starts there; a block of a run that has none continues the
 * block before it, be it in the tree before. The bits, an eighth of a byte a page, are laid out at
 * the tree's first run. A run of a single block is none: it is an allocated block like any other.
 *
 * <p>Pages are counted from the span's first; a range does not include the page {@code to}. All but
 * {@link #validate} and {@link #digest} take O(orders), as a range is made of so many blocks.
 */
final class TreeRuns {

  /** Returned instead of a page or an order when there is none. */
  static final int NONE = BlockHeads.NONE;

  private static final long[] NO_STARTS = {};

  private final Words access;
  private final long[] words;

  /** The page behind the span. */
  private final int endPage;

  /** A bit for each page at which a run starts, or empty. */
  private long[] starts = NO_STARTS;

  /** Runs that start in this tree. */
  private int count;

  private long splits;

  /** What it was before the last claim. */
  private long splitsBefore;

  private final Claim claim = new Claim();
  private final Release release = new Release();
  private final Join join = new Join();

  /** See {@link #setKept}. */
  private int keptGroup;

  private int keptUnits;

  /** Knows the runs of a tree whose span is 2^{@code height} pages: none yet. */
  TreeRuns(Words access, long[] words, int height) {
    this.access = access;
    this.words = words;
    endPage = Orders.pages(height);
  }

  /** Says the same of the words that the tree's were moved to, and forgets it here. */
  TreeRuns moved(long[] movedWords) {
    TreeRuns moved = new TreeRuns(access, movedWords, Orders.largestOf(endPage));
    moved.starts = starts;
    moved.count = count;
    moved.splits = splits;
    starts = NO_STARTS;
    count = 0;
    return moved;
  }

  /** Returns the blocks that were split for runs. */
  long splits() {
    return splits;
  }

  /** Returns how many runs start in the tree. */
  int count() {
    return count;
  }

  /**
   * Takes the pages, which become blocks of a run, if all of them are free and merged; else nothing
   * is taken, but places may be left to heal.
   */
  boolean claim(int from, int to) {
    splitsBefore = splits;
    claim.end = from;
    if (claim.walk(from, to)) {
      return true;
    }
    takeBack(from, claim.end);
    return false;
  }

  /** Undoes the last claim, or as much of it as was made. */
  void takeBack(int from, int to) {
    if (from < to) {
      release(from, to);
    }
    splits = splitsBefore;
  }

  /** Undoes the count of several claims that were undone. */
  void restoreSplits(long before) {
    splits = before;
  }

  /** Frees pages of a run; what is left of it is cut as need be. */
  void release(int from, int to) {
    release.walk(from, to);
  }

  /** Makes the blocks of a run as few as possible. */
  void join(int from, int to) {
    join.walk(from, to);
  }

  /**
   * Makes a run of pages that were claimed, which starts in this tree, or a block if they are one.
   */
  void finish(int page, long count) {
    if (page + count <= endPage && Orders.pages(Orders.largestAt(page, count)) == count) {
      forget(page);
      toBlock(page);
    } else {
      start(page);
    }
  }

  /** Says that a run starts at a block of one. */
  void start(int page) {
    if (starts.length == 0) {
      starts = new long[(endPage + Long.SIZE - 1) / Long.SIZE];
    }
    if (!starts(page)) {
      starts[page / Long.SIZE] |= 1L << page;
      count++;
    }
  }

  /** Forgets that a run starts there, if one does. */
  void forget(int page) {
    if (starts(page)) {
      starts[page / Long.SIZE] &= ~(1L << page);
      count--;
    }
  }

  /** Returns whether a run starts at the page. */
  boolean starts(int page) {
    return starts.length != 0 && ((starts[page / Long.SIZE] >>> page) & 1) != 0;
  }

  /** Returns the page behind the run's blocks from this one on, which are of this tree. */
  int end(int page) {
    int end = page;
    int order = order(page);
    while (order != NONE) {
      end += Orders.pages(order);
      order = end < endPage && !starts(end) ? order(end) : NONE;
    }
    return end;
  }

  /** Returns whether the page is the first of a block that continues the one before it. */
  boolean continues(int page) {
    return page < endPage && order(page) != NONE && !starts(page);
  }

  /** Returns the order of the allocated block, not of a run, at the page, or {@link #NONE}. */
  int blockOrder(int page) {
    return BlockHeads.orderAt(access, words, page);
  }

  /** Returns the first page of the block of a run that holds the page, or {@link #NONE}. */
  int pageAround(int page) {
    return isKept(page) ? NONE : BlockHeads.runPageAround(access, words, page);
  }

  /**
   * Says which units of a group, as bits, are kept from everybody: they look like blocks of runs,
   * to who gives their memory back and comes here meanwhile. The others are kept out.
   */
  void setKept(int group, int units) {
    keptGroup = group;
    keptUnits = units;
  }

  private boolean isKept(int page) {
    int unit = page >>> Tiers.UNIT_ORDER;
    return unit / WholeUnits.UNITS == keptGroup && ((keptUnits >>> unit) & 1) != 0;
  }

  /**
   * Makes the allocated block of {@code order} at the page one of a run, unless it was freed;
   * returns whether it did.
   */
  boolean fromBlock(int page, int order) {
    int tier = Tiers.of(order);
    int index = Tiers.word(tier, page);
    int place = Tiers.place(tier, page);
    while (true) {
      long word = access.word(words, index);
      if (BuddyWord.allocatedOrder(word, place) != Tiers.orderInWord(order)) {
        return false;
      }
      if (access.swap(words, index, word, word | (1L << place))) {
        return true;
      }
    }
  }

  /** Makes a block of a run an allocated block like any other. */
  void toBlock(int page) {
    int tier = Tiers.of(order(page));
    access.clear(words, Tiers.word(tier, page), 1L << Tiers.place(tier, page));
  }

  /** Returns a hash of what is not in the words. */
  long digest() {
    return Arrays.hashCode(count == 0 ? NO_STARTS : starts) * 31L + splits;
  }

  /**
   * Follows every run and compares with the blocks of runs that the words have.
   *
   * @param blocks how many that is
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate(long blocks) {
    long followed = continues(0) ? validateBlocks(0) : 0;
    int runs = 0;
    for (int word = 0; word < starts.length; word++) {
      for (long rest = starts[word]; rest != 0; rest &= rest - 1) {
        int page = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
        Invariant.hold(order(page) != NONE, "no block is where a run starts; page", page);
        long inRun = validateBlocks(page);
        boolean several = inRun > 1 || end(page) == endPage;
        Invariant.hold(several, "a run has a single block; page", page);
        followed += inRun;
        runs++;
      }
    }
    Invariant.hold(runs == count, "runs are miscounted", runs, count);
    Invariant.hold(followed == blocks, "a place leads nowhere: blocks in runs", followed, blocks);
  }

  private long validateBlocks(int first) {
    int end = end(first);
    long blocks = 0;
    for (int page = first; page < end; page += Orders.pages(order(page))) {
      blocks++;
    }
    return blocks;
  }

  private int order(int page) {
    return isKept(page) ? NONE : BlockHeads.runOrder(access, words, page);
  }

  private boolean leadsBelow(int tier, int index, int place) {
    return BuddyWord.isBroken(access.word(words, index), place)
        && !BlockHeads.leadsNowhere(access, words, tier, Tiers.page(tier, index, place));
  }

  private void fillBelow(int tier, int index, int place, long word) {
    access.set(words, Tiers.word(tier - 1, Tiers.page(tier, index, place)), word);
  }

  /** Takes free places. */
  private final class Claim extends PlaceWalk {

    /** The page behind what was taken. */
    private int end;

    @Override
    boolean visit(int tier, int index, int first, int placesEnd) {
      while (true) {
        long word = access.word(words, index);
        if (!RunWord.areFree(word, first, placesEnd)) {
          return false;
        }
        long next = RunWord.inRun(word, first, placesEnd);
        if (access.swap(words, index, word, next)) {
          splits += BuddyWord.moreFreeBlocks(word, next) + RunWord.blocks(first, placesEnd);
          end = Tiers.page(tier, index, placesEnd);
          return true;
        }
      }
    }

    @Override
    boolean open(int tier, int index, int place) {
      while (!leadsBelow(tier, index, place)) {
        long word = access.word(words, index);
        if (!RunWord.areFree(word, place, place + 1)) {
          return false;
        }
        long next = Tiers.broken(tier, word, place);
        if (access.swap(words, index, word, next)) {
          splits += BuddyWord.moreFreeBlocks(word, next) + 1;
          fillBelow(tier, index, place, Tiers.wholeWord(tier - 1));
        }
      }
      return true;
    }
  }

  /** Frees places that are of a run. */
  private final class Release extends PlaceWalk {

    @Override
    boolean visit(int tier, int index, int first, int end) {
      cut(index, first, end);
      long word = access.word(words, index);
      while (!access.swap(words, index, word, RunWord.freed(word, first, end))) {
        word = access.word(words, index);
      }
      return true;
    }

    @Override
    boolean open(int tier, int index, int place) {
      if (!leadsBelow(tier, index, place)) {
        cut(index, place, place + 1);
        long whole = Tiers.wholeWord(tier - 1);
        fillBelow(tier, index, place, RunWord.inRun(whole, 0, Tiers.places(tier - 1)));
        access.set(words, index, Tiers.broken(tier, 0, place));
      }
      return true;
    }

    private void cut(int index, int first, int end) {
      long word = access.word(words, index);
      long next = RunWord.cut(word, first, end);
      while (!access.swap(words, index, word, next)) {
        word = access.word(words, index);
        next = RunWord.cut(word, first, end);
      }
      splits +=
          Integer.bitCount(BuddyWord.brokenPlaces(next))
              - Integer.bitCount(BuddyWord.brokenPlaces(word));
    }
  }

  /** Merges places that are of a run. */
  private final class Join extends PlaceWalk {

    @Override
    boolean visit(int tier, int index, int first, int end) {
      clearBelow(tier, index, first, end);
      long word = access.word(words, index);
      while (!access.swap(words, index, word, joined(tier, word, first, end))) {
        word = access.word(words, index);
      }
      return true;
    }

    private static long joined(int tier, long word, int first, int end) {
      long joined = RunWord.inRun(word, first, end);
      return tier == Tiers.UNITS
          ? UnitWord.notLeading(joined, (1L << end) - (1L << first))
          : joined;
    }

    @Override
    boolean open(int tier, int index, int place) {
      return true;
    }

    private void clearBelow(int tier, int index, int first, int end) {
      for (int place = first; place < end; place++) {
        if (leadsBelow(tier, index, place)) {
          int below = Tiers.word(tier - 1, Tiers.page(tier, index, place));
          clearBelow(tier - 1, below, 0, Tiers.places(tier - 1));
          access.clear(words, below, -1L);
        }
      }
    }
  }
}
