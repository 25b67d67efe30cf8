package dev.twofold.core;

import java.util.Arrays;

/**
 * Which trees have units that are worth settling, home by home: a bit for each. For anybody to add
 * to and take from.
 *
 * <p>Benign races: a bit may be lost when the bits are replaced, as trees come, or be that of the
 * home that a unit had before. Its units wait until all of their tree are settled.
 */
final class WantedTrees {

  private final Words access;
  private volatile long[][] homes = new long[Slots.MAX_HOMES][0];

  WantedTrees(Words access) {
    this.access = access;
  }

  /** Makes room for trees; the caller excludes others that do. */
  void grow(int treeCount) {
    long[][] grown = homes.clone();
    int words = Math.max(grown[0].length, (treeCount + Long.SIZE - 1) / Long.SIZE);
    for (int home = 0; home < grown.length; home++) {
      grown[home] = Arrays.copyOf(grown[home], words);
    }
    homes = grown;
  }

  /** Says that a tree has units of a home that are worth settling. */
  void add(int tree, int home) {
    long[] trees = homes[home];
    int word = tree / Long.SIZE;
    if (word < trees.length && ((access.word(trees, word) >>> tree) & 1) == 0) {
      access.set(trees, word, 1L << tree);
    }
  }

  /** Returns one of the trees of a home, or of {@link UnitBins#ANYWHERE}, and forgets it; or -1. */
  int take(int home) {
    if (home != UnitBins.ANYWHERE) {
      return takeFrom(homes[home]);
    }
    int tree = -1;
    for (long[] trees : homes) {
      tree = tree == -1 ? takeFrom(trees) : tree;
    }
    return tree;
  }

  private int takeFrom(long[] trees) {
    for (int word = 0; word < trees.length; word++) {
      long wanted = access.word(trees, word);
      if (wanted != 0) {
        access.clear(trees, word, Long.lowestOneBit(wanted));
        return word * Long.SIZE + Long.numberOfTrailingZeros(wanted);
      }
    }
    return -1;
  }
}
