package dev.twofold.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The units of a tree at work: which one a request draws on, and when those that were freed to are
 * settled ({@link Settlement}). For whoever holds the tree's lock.
 *
 * <p>To <b>settle</b> a unit is to merge what is free in it, to give it back whole if all of it is,
 * and else to put it in the bin where it belongs. Units that are worth it are settled before a
 * thread looks for another unit, all that no slot draws on before one is broken up, and all of them
 * before a request is refused.
 */
final class Units {

  /** Returned instead of a page when there is none. */
  static final int NONE = Tree.NONE;

  private final Tree tree;
  private final Words access;
  private final long[] words;
  private final UnitBins bins;
  private final FreeRuns freeRuns;
  private final FreeCount count;
  private final AtomicLong settlements;
  private final IdleUnits idle;
  private final RunIndex runIndex;

  private final WholeBlocks blocks;
  private final UnitUses uses;
  private final Settlement settlement;

  /**
   * Sorts the units of a tree.
   *
   * @param idle what is known of the memory of the units
   * @param patience how long units wait, of all trees together
   * @param settlements counts settlements, each before its first unit is looked at
   * @param runIndex learns that the tree has more, when units were freed to
   */
  Units(
      Tree tree,
      Words access,
      IdleUnits idle,
      Patience patience,
      AtomicLong settlements,
      RunIndex runIndex) {
    this.tree = tree;
    this.access = access;
    this.words = tree.words();
    this.count = new FreeCount(tree, patience);
    this.settlements = settlements;
    this.idle = idle;
    this.runIndex = runIndex;
    int unitCount = idle.count();
    bins = new UnitBins(unitCount);
    freeRuns = new FreeRuns(access, words, tree.layout().height());
    blocks = new WholeBlocks(tree, access, idle.ages());
    uses = new UnitUses(unitCount, patience);
    settlement = new Settlement(tree, access, bins, freeRuns, count, uses);
    for (int unit = 0; unit < unitCount; unit++) {
      settlement.settle(unit);
    }
    count.countWhole();
    learnPatience();
  }

  /** Returns the largest order that can be served without a unit in use. */
  int largestFreeOrder() {
    return Math.max(count.largestWhole(), bins.largestFreeOrder());
  }

  /**
   * Allocates a block smaller than a unit and returns its page, or {@link #NONE}.
   *
   * @param slot whose units, drawn on for other orders, come before a unit is broken up
   * @param leaf the tree's number
   * @param draws whether the block's unit counts as drawn on from now on
   * @param thrifty whether no unit that was given back is to be broken up
   */
  int allocateSmall(int order, Slot slot, int leaf, boolean draws, boolean thrifty) {
    slot.setScarce(!count.isDrawnDense());
    int home = draws ? slot.home() : UnitBins.ANYWHERE;
    int page = allocateFromUnits(order, home, slot, leaf);
    if (page == NONE && settleUnused()) {
      page = allocateFromUnits(order, home, slot, leaf);
    }
    if (page == NONE) {
      page = allocateFromNewUnit(order, thrifty);
    }
    if (page != NONE && draws) {
      draw(page >>> Tiers.UNIT_ORDER, order, slot);
    }
    return page;
  }

  /**
   * Allocates a block of a unit's order or larger and returns its page, or {@link #NONE}.
   *
   * @param home whose groups of units come first, or {@link UnitBins#ANYWHERE}
   * @param thrifty whether it is not to be one that was given back
   */
  int allocateLarge(int order, int home, boolean thrifty) {
    settleVacant();
    int page = blocks.allocate(order, home, count.freeUnits(), thrifty);
    if (page == NONE && !thrifty && settleAll()) {
      page = blocks.allocate(order, home, count.freeUnits(), thrifty);
    }
    count.countWhole();
    if (count.isStale(bins.freePages())) {
      learnPatience();
    }
    return page;
  }

  /** Allocates a block of whole units that reads as zero and suits like any other, or NONE. */
  int allocateZero(int order) {
    settleVacant();
    int page = tree.allocateZero(order, idle.ages());
    count.countWhole();
    return page;
  }

  /** Returns in which groups requests for whole units look. */
  WholeBlocks blocks() {
    return blocks;
  }

  /** Returns what is known of the memory of the units. */
  IdleUnits idle() {
    return idle;
  }

  /** Keeps those of the units from everybody that are idle still: see {@link IdleUnits#keep}. */
  int keepIdle(int group, int units, long idleSince) {
    int still = idle.stillIdle(group, units, idleSince);
    if (still == 0) {
      return 0;
    }
    settlements.getAndIncrement();
    int kept = idle.keep(group, still);
    count.countWhole();
    return kept;
  }

  /** Makes units that were kept free again: see {@link IdleUnits#release}. */
  void release(int group, int units, int back, long now, int calls) {
    settlements.getAndIncrement();
    idle.release(group, units, back, now, calls);
    count.countWhole();
  }

  /** Allocates a block from a unit that slots draw on, or returns {@link #NONE}. */
  int allocateFromUnitInUse(int order) {
    for (int unit = bins.findInUse(order); unit != NONE; unit = bins.findInUse(order)) {
      int page = tree.allocateInUnit(unit, order);
      if (page != NONE) {
        return page;
      }
      settlement.place(unit);
    }
    return NONE;
  }

  /** Returns whether units were freed to that are not settled; any thread. */
  boolean isUnsettled() {
    return !ReturnedUnits.isEmpty(access, words);
  }

  /**
   * Says that a slot draws on {@code unit} no longer: if none does now, it is to be settled like
   * one that was freed to. Without the lock. Returns the unit's home if the unit is worth it and
   * was not before, or else {@link ReturnedUnits#NONE}. A unit that is full is not worth it until
   * something is freed to it: to look at it here takes less than to settle it.
   *
   * <p>Benign race: the slot may have drawn on a unit of the tree that had this number before, or
   * before the tree was offline. Then it lets go too early of one that another slot draws on, which
   * is in the bins for all from then on, or of none.
   */
  int release(int unit, int order) {
    if (!uses.release(unit)) {
      return ReturnedUnits.NONE;
    }
    ReturnedUnits.add(access, words, unit, runIndex);
    return UnitProfile.freePages(tree.profile(unit)) == 0
        ? ReturnedUnits.NONE
        : ReturnedUnits.addWorthwhile(access, words, unit, Orders.pages(order) - 1, unit);
  }

  /** Takes all that the trees know of these units back; nobody uses them any more. */
  void retire() {
    count.retire();
    uses.retire();
  }

  /**
   * Settles the units of a home, or of ANYWHERE, that are worth it and that no slot draws on.
   *
   * @param small whether this is for the sake of small blocks: then units may stay vacant
   */
  void settleWorthwhile(int home, boolean small) {
    settlements.getAndIncrement();
    for (int word = 0; word < ReturnedUnits.WORDS; word++) {
      long units = ReturnedUnits.worthwhile(access, words, word) & bins.members(home, word);
      units = uses.unused(word, units);
      if (units != 0) {
        long taken = ReturnedUnits.takeWorthwhile(access, words, word, units);
        settlement.settle(word, taken, small);
      }
    }
    count.countWhole();
    learnPatience();
  }

  /** Settles all units that were freed to; returns whether there were any. */
  boolean settleAll() {
    if (!isUnsettled()) {
      return false;
    }
    settlements.getAndIncrement();
    for (int word = 0; word < ReturnedUnits.WORDS; word++) {
      settlement.settle(word, ReturnedUnits.takeAll(access, words, word, -1), false);
    }
    count.countWhole();
    learnPatience();
    return true;
  }

  /**
   * Settles all units that were freed to and that no slot draws on; returns whether there were any.
   * One that is drawn on would be whole perhaps, and broken up for another slot.
   */
  private boolean settleUnused() {
    long settled = 0;
    for (int word = 0; word < ReturnedUnits.WORDS; word++) {
      long units = uses.unused(word, ReturnedUnits.returned(access, words, word));
      settleReturned(word, units);
      settled |= units;
    }
    if (settled != 0) {
      count.countWhole();
    }
    learnPatience();
    return settled != 0;
  }

  /** Puts every unit where it belongs, settled or not, and counts what is whole. */
  void placeAll() {
    for (int unit = 0; unit < uses.count(); unit++) {
      if (tree.isBroken(unit)) {
        settlement.place(unit);
      }
    }
    count.countWhole();
  }

  /** Returns where free pages stand side by side. */
  FreeRuns freeRuns() {
    return freeRuns;
  }

  /** Counts the free pages, unit by unit; what was freed should be settled. */
  long countFreePages() {
    placeAll();
    learnPatience();
    return count.freePages();
  }

  /** Settles all units that some pages lie in; those that seem free as a whole are learned too. */
  void settleAllOf(int from, int to) {
    for (int unit = from >>> Tiers.UNIT_ORDER; unit <= (to - 1) >>> Tiers.UNIT_ORDER; unit++) {
      settlement.settle(unit);
      freeRuns.change(unit);
    }
    count.countWhole();
    learnPatience();
  }

  /** Settles the first and the last unit that some pages lie in. O(1). */
  void settleBorders(int from, int to) {
    settlement.settle(from >>> Tiers.UNIT_ORDER);
    settlement.settle((to - 1) >>> Tiers.UNIT_ORDER);
    count.countWhole();
    learnPatience();
  }

  /** Returns a hash of the words and of which unit stands where. */
  long digest() {
    return tree.digest() * 31 + bins.digest();
  }

  /**
   * Checks the words, and that no unit stands for less than it has.
   *
   * @throws AssertionError naming the first thing that does not agree
   */
  void validate() {
    tree.validate();
    boolean enough = count.largestWhole() >= WholeProfile.largestFreeOrder(tree.wholeProfile());
    Invariant.hold(
        enough, "the upper tiers stand for less than they have; order", count.largestWhole());
    for (int unit = 0; unit < uses.count(); unit++) {
      int profile = tree.isBroken(unit) ? tree.profile(unit) : UnitProfile.NOTHING;
      bins.validate(unit, profile, uses.isUsed(unit));
    }
  }

  /** From a unit that nobody uses, or else from one that this slot uses for other orders. */
  private int allocateFromUnits(int order, int home, Slot slot, int leaf) {
    int unit = bins.find(order, home);
    while (unit != NONE) {
      int page = tree.allocateInUnit(unit, order);
      if (page != NONE) {
        return page;
      }
      settlement.place(unit);
      unit = bins.find(order, home);
    }
    return allocateFromUnitsOf(slot, order, leaf);
  }

  /** The unit that the slot drew on for this order is exhausted, unless it was freed to since. */
  private int allocateFromUnitsOf(Slot slot, int order, int leaf) {
    int page = NONE;
    for (int other = 0; other < Tiers.UNIT_ORDER && page == NONE; other++) {
      long cursor = slot.unit(other);
      int unit = Cursor.tree(cursor) == leaf ? Cursor.unit(cursor) : Cursor.NONE;
      boolean may =
          unit != Cursor.NONE && (other != order || ReturnedUnits.isReturned(access, words, unit));
      page = may ? tree.allocateInUnit(unit, order) : NONE;
    }
    return page;
  }

  private int allocateFromNewUnit(int order, boolean thrifty) {
    int unit = tree.breakUnit(idle.ages(), thrifty);
    if (unit == NONE) {
      count.countWhole();
      return NONE;
    }
    count.addBroken();
    int page =
        Tiers.of(order) == Tiers.PAGES
            ? tree.allocateFromNewPageWord(unit, order)
            : tree.allocateInUnit(unit, order);
    settlement.place(unit);
    return page;
  }

  private void draw(int unit, int order, Slot slot) {
    uses.add(unit);
    bins.use(unit, slot.home());
    ReturnedUnits.setHome(access, words, unit, slot.home());
    if (count.isDrawnDense()) {
      ReturnedUnits.setDense(access, words, unit, true);
    }
    if (Tiers.of(order) == Tiers.PAGES) {
      slot.setServing(order, PageWords.serving(access, words, unit, order));
    }
  }

  /** Heals the vacant units, but for those that slots draw on by now. */
  private void settleVacant() {
    long settled = 0;
    for (int word = 0; word < ReturnedUnits.WORDS; word++) {
      long units = settlement.takeVacant(word);
      settleReturned(word, units);
      settled |= units;
    }
    if (settled != 0) {
      count.countWhole();
    }
  }

  private void settleReturned(int word, long units) {
    if (units != 0) {
      settlements.getAndIncrement();
      settlement.settle(word, ReturnedUnits.takeAll(access, words, word, units), false);
    }
  }

  /** Settles a unit. If its bits in the summaries stay, it is looked at once more. */
  void settle(int unit) {
    settlement.settle(unit);
    count.countWhole();
  }

  private void learnPatience() {
    count.learnPatience(bins.freePages());
    ReturnedUnits.setPatience(access, words, count.patiencePages());
  }
}
