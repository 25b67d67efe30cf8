package dev.twofold.core;

/**
 * Policy: in which groups of a tree a request for whole units looks, one after the other. For
 * whoever holds the tree's lock.
 *
 * <p>A home's own groups and those that are whole come before those of others ({@link GroupHomes}).
 * Where memory was given back, what the system stands behind comes before that, in all groups.
 */
final class WholeBlocks {

  private static final int NONE = Tree.NONE;

  private final Tree tree;
  private final Words access;
  private final long[] words;
  private final UnitAges ages;
  private final GroupHomes groups;

  WholeBlocks(Tree tree, Words access, UnitAges ages) {
    this.tree = tree;
    this.access = access;
    this.words = tree.words();
    this.ages = ages;
    groups = new GroupHomes(access, words);
  }

  /**
   * Allocates a block of a unit's order or larger and returns its page, or {@link Tree#NONE}.
   *
   * @param home a home, or {@link UnitBins#ANYWHERE}
   * @param freeUnits how many units of the tree are free
   * @param thrifty whether it is not to be one that was given back
   */
  int allocate(int order, int home, int freeUnits, boolean thrifty) {
    int own = groups.of(home, freeUnits);
    boolean gaveBack = ages.gaveBack();
    int page = gaveBack ? allocateIn(own, order, true) : NONE;
    if (page == NONE && !(thrifty && gaveBack)) {
      page = allocateIn(own, order, false);
    }
    if (page != NONE) {
      groups.use(page, home);
    }
    return page;
  }

  private int allocateIn(int own, int order, boolean committed) {
    int page = allocate(own, order, committed);
    return page == NONE && own != UnitChoice.ALL_GROUPS
        ? allocate(UnitChoice.ALL_GROUPS, order, committed)
        : page;
  }

  private int allocate(int some, int order, boolean committed) {
    return committed
        ? tree.allocateCommitted(order, ages, some)
        : tree.allocateLarge(order, ages, some);
  }

  /**
   * Returns whether a thread may go on in the word that a block came from: not if it would come to
   * what was given back. A hint, for anybody.
   */
  boolean suitsCursor(int page, int order) {
    if (!ages.gaveBack()) {
      return true;
    }
    int index = Tiers.word(Tiers.of(order), page);
    int free = BuddyWord.placesInBlocks(access.word(words, index), 0);
    return (free & ~UnitChoice.whollyCommitted(access, words, ages, index)) == 0;
  }
}
