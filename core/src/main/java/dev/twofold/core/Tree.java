package dev.twofold.core;

/**
 * All stripes of one tree, interleaved in words ({@link Tiers}, {@link BuddyWord}), and what leads
 * from one tier to the next: places that are broken up, and words that heal.
 *
 * <p>Whoever breaks up a unit, or heals, holds the tree's lock. Blocks are allocated and freed
 * within words all the while, and places of units broken up ({@link PageWords}), without the lock:
 * a word that is healed is first swapped from "all free" to nothing, which no allocation survives,
 * and a word is only filled while it is nothing.
 *
 * <p>Healing is lazy: a freed block merges at once within its word, and further when its unit is
 * settled ({@link LockedTree}). Pages are counted from the span's first.
 */
final class Tree {

  /** Returned instead of a page or an index when there is none. */
  static final int NONE = Words.NONE;

  private static final int FIRST_RECORD = Tiers.groupWord(0);

  private final TreeLayout layout;
  private final Words access;
  private final long[] words;
  private final TreeRuns runs;

  /** Blocks that were split while the lock was held. */
  private long splits;

  private Tree(TreeLayout layout, Words access, long[] words, int number, TreeRuns runs) {
    this.layout = layout;
    this.access = access;
    this.words = words;
    this.runs = runs;
    words[Tiers.SPAN_PAGE_WORD] = layout.spanPage();
    words[Tiers.NUMBER_WORD] = number;
  }

  /**
   * Lays out a tree whose pages are all free.
   *
   * @param height at least the layout's: the words have room for a tree of that height
   * @param number what cursors name the tree by
   */
  static Tree allFree(TreeLayout layout, Words access, int height, int number) {
    long[] words = new long[Tiers.wordCount(height)];
    TreeRuns none = new TreeRuns(access, words, layout.height());
    Tree tree = new Tree(layout, access, words, number, none);
    tree.cover(Tiers.TOP, 0);
    return tree;
  }

  /**
   * Moves all that the words say to a new tree, word by word; 0 stays behind. Whoever allocates or
   * frees without the lock has changed a word before, and the new one says so, or finds that there
   * is nothing: no block is free, allocated or broken up. Nobody fills a word of a tree that was
   * moved, so nothing comes from it ever again, however late a thread is that has read of it: one
   * that is begun is waited for. Of the words that belong to no tier none is moved.
   */
  Tree moved() {
    long[] movedWords = new long[words.length];
    Tree moved =
        new Tree(layout, access, movedWords, TreeWords.number(words), runs.moved(movedWords));
    long[] taken = new long[Tiers.UNIT_WORDS + 1];
    for (int first = FIRST_RECORD; first < words.length; first = Tiers.nextRecord(first)) {
      PageWords.take(access, words, first, taken);
      System.arraycopy(taken, 0, movedWords, first, taken.length);
    }
    moved.splits = splits;
    return moved;
  }

  /** Makes the words dead ones ({@link TreeWords}): nobody finds a block in them any more. */
  void retire() {
    long[] taken = new long[Tiers.UNIT_WORDS + 1];
    for (int first = FIRST_RECORD; first < words.length; first = Tiers.nextRecord(first)) {
      PageWords.take(access, words, first, taken);
    }
  }

  /** Returns which pages the tree covers. */
  TreeLayout layout() {
    return layout;
  }

  /** Returns the words, to allocate from and free to without the lock. */
  long[] words() {
    return words;
  }

  /** Returns the runs. */
  TreeRuns runs() {
    return runs;
  }

  /** Returns the blocks that were split while the lock was held. */
  long splits() {
    return splits + runs.splits();
  }

  /** Allocates a block of an order below a unit's from the unit; returns its page or NONE. */
  int allocateInUnit(int unit, int order) {
    if (Tiers.of(order) == Tiers.UNITS) {
      int root = Tiers.unitWord(unit);
      int page = allocateInWord(root, order);
      return page == NONE && healPages(unit) ? allocateInWord(root, order) : page;
    }
    int first = Tiers.firstPageWord(unit);
    for (int index = first; index < first + Tiers.UNIT_WORDS; index++) {
      int page = allocateInWord(index, order);
      if (page != NONE) {
        return page;
      }
    }
    return allocateFromNewPageWord(unit, order);
  }

  /** Breaks up a free place of the unit and allocates a block of pages from it, or NONE. */
  int allocateFromNewPageWord(int unit, int order) {
    int found = PageWords.allocateFromNew(access, words, Tiers.firstPageWord(unit), order);
    if (found == PageWords.NONE) {
      return NONE;
    }
    splits += PageWords.splits(found);
    return PageWords.page(found);
  }

  /**
   * Allocates a block of a unit's order or larger, of committed units if that breaks up no larger
   * block; returns its page or {@link #NONE}.
   *
   * @param groups the groups of units that it may be one of if they are broken up, as bits
   */
  int allocateLarge(int order, UnitAges ages, int groups) {
    int index = largeWordServing(order, ages, groups);
    if (index == NONE) {
      return NONE;
    }
    int orderInWord = Tiers.orderInWord(order);
    int committed = UnitChoice.committed(access, words, ages, index);
    int found = access.allocateAmong(words, index, orderInWord, committed);
    return found == NONE ? allocateInWord(index, order) : allocated(index, order, found);
  }

  /**
   * Allocates a block of a unit's order or larger, all of whose units are committed, whatever that
   * breaks up; returns its page or {@link #NONE}.
   *
   * @param groups the groups of units that it may be one of if they are broken up, as bits
   */
  int allocateCommitted(int order, UnitAges ages, int groups) {
    int orderInWord = Tiers.orderInWord(order);
    int index =
        Tiers.of(order) == Tiers.TOP
            ? Tiers.TOP_WORD
            : committedWordServing(orderInWord, ages, groups);
    if (index == NONE) {
      return NONE;
    }
    int places = UnitChoice.whollyCommitted(access, words, ages, index);
    return allocated(index, order, access.allocateAnyAmong(words, index, orderInWord, places));
  }

  /**
   * Returns the word of units to take a committed block from, however large the block is that it is
   * split from; or {@link #NONE}. A group is broken up for it only where memory was given back.
   */
  private int committedWordServing(int orderInWord, UnitAges ages, int groups) {
    int index = UnitChoice.wordOfCommitted(access, words, ages, orderInWord, groups);
    boolean may = index == NONE && ages.gaveBack();
    int whole = may ? UnitChoice.committedGroups(access, words, ages, orderInWord) : 0;
    return whole == 0 ? index : brokenUp(whole);
  }

  /** Returns the word to allocate a block of a unit's order or larger from, or {@link #NONE}. */
  private int largeWordServing(int order, UnitAges ages, int groups) {
    if (Tiers.of(order) == Tiers.UPPER) {
      int orderInWord = Tiers.orderInWord(order);
      return orBrokenUp(UnitChoice.wordForBlock(access, words, ages, orderInWord, groups), ages);
    }
    int top = Tiers.TOP_WORD;
    if (!BuddyWord.serves(access.word(words, top), Tiers.orderInWord(order))) {
      healUpperWords();
    }
    return top;
  }

  /**
   * Allocates a block of a unit's order or larger that reads as zero, if that breaks up no larger
   * block than another one would; returns its page or {@link #NONE}.
   */
  int allocateZero(int order, UnitAges ages) {
    int index = largeWordServing(order, ages, UnitChoice.ALL_GROUPS);
    if (index == NONE) {
      return NONE;
    }
    int orderInWord = Tiers.orderInWord(order);
    int zero = UnitChoice.zero(ages, index);
    return allocated(index, order, access.allocateAmong(words, index, orderInWord, zero));
  }

  /**
   * Breaks up a free unit, a committed one if it can choose; returns it or {@link #NONE}.
   *
   * @param thrifty whether it breaks up no other where memory was given back
   */
  int breakUnit(UnitAges ages, boolean thrifty) {
    int index = committedWordServing(0, ages, UnitChoice.ALL_GROUPS);
    if (index == NONE && !(thrifty && ages.gaveBack())) {
      int any = UnitChoice.wordForBlock(access, words, ages, 0, UnitChoice.ALL_GROUPS);
      index = orBrokenUp(any, ages);
    }
    int found =
        index == NONE
            ? NONE
            : access.breakUp(words, index, UnitChoice.committed(access, words, ages, index));
    if (found == NONE) {
      return NONE;
    }
    splits += BuddyWord.splits(found);
    int page = Tiers.page(Tiers.UPPER, index, BuddyWord.place(found));
    int unit = page >>> Tiers.UNIT_ORDER;
    access.fill(words, Tiers.unitWord(unit), Tiers.wholeWord(Tiers.UNITS));
    return unit;
  }

  /** Returns whether the unit is broken up. */
  boolean isBroken(int unit) {
    long word = access.word(words, Tiers.wholeUnitWord(unit));
    return BuddyWord.isBroken(word, Tiers.wholeUnitPlace(unit));
  }

  /** Merges all that is free in the unit; returns whether it was all of it and is whole again. */
  boolean healUnit(int unit) {
    int root = Tiers.unitWord(unit);
    long whole = Tiers.wholeWord(Tiers.UNITS);
    healPages(unit);
    if (access.word(words, root) != whole || !access.swap(words, root, whole, 0)) {
      return false;
    }
    access.heal(words, Tiers.wholeUnitWord(unit), 1 << Tiers.wholeUnitPlace(unit));
    return true;
  }

  /** Merges units into the blocks of the highest tier; returns whether it found any. */
  boolean healUpperWords() {
    return access.healWords(words, Tiers.TOP_WORD, Tiers.groupWord(0), Tiers.groupWord(1));
  }

  /** Returns whether all of a broken unit is free, though parts of it are broken up as well. */
  boolean isVacant(int unit) {
    int first = Tiers.firstPageWord(unit);
    long unitWord = access.word(words, Tiers.unitWordBeside(first));
    int leading = UnitWord.leadingPlaces(unitWord);
    boolean vacant = unitWord == UnitWord.brokenAll(Tiers.wholeWord(Tiers.UNITS), leading);
    for (; vacant && leading != 0; leading &= leading - 1) {
      int index = first + Integer.numberOfTrailingZeros(leading);
      vacant = access.word(words, index) == BuddyWord.FREE;
    }
    return vacant;
  }

  /** Returns what is free in the unit: see {@link UnitProfile}. */
  int profile(int unit) {
    long[] all = words;
    Words reader = access;
    int served = 0;
    int pages = 0;
    int index = Tiers.firstPageWord(unit);
    long unitWord = reader.word(all, Tiers.unitWordBeside(index));
    for (int leading = UnitWord.leadingPlaces(unitWord); leading != 0; leading >>>= 2) {
      long word = PageWords.assumed(reader.word(all, index), leading);
      long other = PageWords.assumed(reader.word(all, index + 1), leading >>> 1);
      long free = BuddyWord.freePlaces(word, other);
      if (free != 0) {
        pages += Long.bitCount(free);
        served |= BuddyWord.servedOrders(free);
      }
      index += 2;
    }
    return UnitProfile.of(unitWord, Orders.largestOf(served), pages);
  }

  /** Returns what is whole: see {@link WholeProfile}. */
  int wholeProfile() {
    long top = access.word(words, Tiers.TOP_WORD);
    int units = BuddyWord.freePlaces(top) * Tiers.places(Tiers.UPPER);
    int brokenUnits = 0;
    int served = 0;
    for (int broken = BuddyWord.brokenPlaces(top); broken != 0; broken &= broken - 1) {
      long word = access.word(words, Tiers.groupWord(Integer.numberOfTrailingZeros(broken)));
      long free = BuddyWord.freePlaces(word, 0);
      brokenUnits += Integer.bitCount(BuddyWord.brokenPlaces(word));
      if (free != 0) {
        units += Long.bitCount(free);
        served |= BuddyWord.servedOrders(free);
      }
    }
    int inTop = BuddyWord.largestFreeOrder(top);
    int largest =
        inTop == NONE
            ? Orders.largestOf(served << Tiers.UNIT_ORDER)
            : inTop + Tiers.placeOrder(Tiers.TOP);
    return WholeProfile.of(largest, units, brokenUnits);
  }

  /** Adds the blocks to {@code tally}. Each is counted as its word tells at one moment. */
  void addTo(Tally tally) {
    tally.splits += splits();
    tally.runs += runs.count();
    new TreeCount(layout, access, words).addTo(tally);
  }

  /** Adds the allocated blocks and runs, by address, as each is found at some moment. */
  void addTo(AllocatedBlocks blocks) {
    new TreeCount(layout, access, words).addTo(blocks, runs);
  }

  /** Returns a hash of all words of all tiers. */
  long digest() {
    long digest = 0;
    for (int index = 0; index < words.length; index++) {
      digest = Tiers.isOfTier(index) ? digest * 31 + words[index] : digest;
    }
    return (digest * 31 + splits) * 31 + runs.digest();
  }

  /**
   * Walks over all covered pages from block to block and checks the words; nothing may be left to
   * heal.
   *
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate() {
    new TreeCheck(layout, access, words).validate();
    Tally tally = new Tally();
    addTo(tally);
    runs.validate(tally.runBlocks);
  }

  private int allocateInWord(int index, int order) {
    return allocated(index, order, access.allocate(words, index, Tiers.orderInWord(order)));
  }

  private int allocated(int index, int order, int found) {
    if (found == NONE) {
      return NONE;
    }
    splits += BuddyWord.splits(found);
    return Tiers.page(Tiers.of(order), index, BuddyWord.place(found));
  }

  /** Returns the word of units that was chosen, or one that is broken up for it, or NONE. */
  private int orBrokenUp(int chosen, UnitAges ages) {
    return chosen == NONE
        ? brokenUp(UnitChoice.committed(access, words, ages, Tiers.TOP_WORD))
        : chosen;
  }

  /** Breaks up a group, one of some if it can choose; returns its word or {@link #NONE}. */
  private int brokenUp(int preferred) {
    int found = access.breakUp(words, Tiers.TOP_WORD, preferred);
    if (found == NONE) {
      return NONE;
    }
    splits += BuddyWord.splits(found);
    int index = Tiers.groupWord(BuddyWord.place(found));
    access.fill(words, index, Tiers.wholeWord(Tiers.UPPER));
    return index;
  }

  private boolean healPages(int unit) {
    int first = Tiers.firstPageWord(unit);
    return access.healWords(words, Tiers.unitWord(unit), first, first + 1);
  }

  /** Writes the word of {@code tier} that {@code page} lies in, and those below it. */
  private void cover(int tier, int page) {
    long word = Tiers.wholeWord(tier);
    int placePages = Orders.pages(Tiers.placeOrder(tier));
    for (int place = 0; place < Tiers.places(tier); place++) {
      int start = page + place * placePages;
      if (start >= layout.endPage() || start + placePages <= layout.firstPage()) {
        word = BuddyWord.uncovered(word, place);
      } else if (start < layout.firstPage() || start + placePages > layout.endPage()) {
        word = Tiers.broken(tier, word, place);
        cover(tier - 1, start);
      }
    }
    words[Tiers.word(tier, page)] = word;
  }
}
