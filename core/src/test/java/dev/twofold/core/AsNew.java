package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Compares an allocator from which everything was freed with a new one: every word of every tree,
 * which unit stands in which bin, and the index. Counts of what happened may differ.
 */
final class AsNew {

  private AsNew() {}

  /** Drains and validates the allocator, and fails if anything is not as it was at first. */
  static void assertAsNew(BuddyAllocator allocator) {
    allocator.drain();
    TreeArray array = PrivateParts.trees(allocator);
    LockedTree[] trees = PrivateParts.only(array, LockedTree[].class);
    assertThat(trees).as("what a drain left unsettled").noneMatch(LockedTree::isUnsettled);
    allocator.validate();
    for (int leaf = 0; leaf < trees.length; leaf++) {
      LockedTree tree = trees[leaf];
      Units units = PrivateParts.named(tree, "units", Units.class);
      if (units != null) {
        TreeLayout layout = PrivateParts.only(tree, TreeLayout.class);
        Tree newTree = Tree.allFree(layout, Words.SHARED, tree.height(), leaf);
        assertAsNew(newTree, array.allWords().of(leaf), units, Tiers.unitCount(tree.height()));
      }
    }
    LargestOrderIndex index = PrivateParts.only(array, LargestOrderIndex.class);
    LargestOrderIndex newIndex = new LargestOrderIndex(trees.length);
    for (int leaf = 0; leaf < trees.length; leaf++) {
      TreeLayout layout = PrivateParts.only(trees[leaf], TreeLayout.class);
      newIndex.publish(leaf, trees[leaf].isGone() ? LargestOrderIndex.NONE : layout.largestOrder());
    }
    assertThat(index.digest()).as("the index").isEqualTo(newIndex.digest());
    AllocatorStats stats = allocator.stats();
    assertThat(stats.pagesAllocated()).isZero();
    assertThat(stats.allocations()).isEqualTo(stats.frees());
    assertThat(stats.splits()).isEqualTo(stats.merges());
  }

  private static void assertAsNew(Tree tree, long[] words, Units units, int count) {
    assertThat(Arrays.equals(tiers(words), tiers(tree.words()))).as("words").isTrue();
    Units newUnits =
        new Units(
            tree,
            Words.SHARED,
            IdleUnits.ofNew(tree, Words.SHARED, count),
            new Patience(),
            new AtomicLong(),
            new RunIndex());
    assertThat(bins(units).digest()).as("bins").isEqualTo(bins(newUnits).digest());
    AtomicIntegerArray uses =
        PrivateParts.only(PrivateParts.only(units, UnitUses.class), AtomicIntegerArray.class);
    assertThat(uses.toString()).as("uses").isEqualTo(new AtomicIntegerArray(count).toString());
    AtomicLong drawn =
        PrivateParts.named(
            PrivateParts.only(PrivateParts.only(units, UnitUses.class), Patience.class),
            "drawnUnits",
            AtomicLong.class);
    assertThat(drawn).as("units that threads draw on").hasValue(0);
    assertThat(ReturnedUnits.isEmpty(Words.SHARED, words)).isTrue();
  }

  /** Leaves out the words that belong to no tier. */
  private static long[] tiers(long[] words) {
    long[] tiers = words.clone();
    for (int index = 0; index < tiers.length; index++) {
      tiers[index] = Tiers.isOfTier(index) ? tiers[index] : 0;
    }
    return tiers;
  }

  private static UnitBins bins(Units units) {
    return PrivateParts.only(units, UnitBins.class);
  }
}
