package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Compares an allocator from which everything was freed with a new one: every word of every tree,
 * which unit stands in which list, and the index. Counts of what happened may differ.
 */
final class AsNew {

  private AsNew() {}

  /** Drains and validates the allocator, and fails if anything is not as it was at first. */
  static void assertAsNew(BuddyAllocator allocator) {
    allocator.drain();
    allocator.validate();
    TreeArray array = PrivateParts.trees(allocator);
    LockedTree[] trees = PrivateParts.only(array, LockedTree[].class);
    for (int leaf = 0; leaf < trees.length; leaf++) {
      LockedTree tree = trees[leaf];
      TreeLayout layout = PrivateParts.only(tree, TreeLayout.class);
      Units units = PrivateParts.named(tree, "units", Units.class);
      if (units != null) {
        assertAsNew(layout, array.allWords().of(leaf), units);
      }
    }
    LargestOrderIndex index = PrivateParts.only(array, LargestOrderIndex.class);
    LargestOrderIndex newIndex = new LargestOrderIndex(trees.length);
    for (int leaf = 0; leaf < trees.length; leaf++) {
      newIndex.publish(leaf, PrivateParts.only(trees[leaf], TreeLayout.class).largestOrder());
    }
    assertThat(index.digest()).as("the index").isEqualTo(newIndex.digest());
    AllocatorStats stats = allocator.stats();
    assertThat(stats.pagesAllocated()).isZero();
    assertThat(stats.allocations()).isEqualTo(stats.frees());
    assertThat(stats.splits()).isEqualTo(stats.merges());
  }

  private static void assertAsNew(TreeLayout layout, long[] words, Units units) {
    int number = TreeWords.number(words);
    Tree tree = Tree.allFree(layout, Words.SHARED, layout.height(), number);
    assertThat(tiers(words)).as("words").isEqualTo(tiers(tree.words()));
    int count = Tiers.unitCount(layout.height());
    Units newUnits =
        new Units(
            tree,
            Words.SHARED,
            IdleUnits.ofNew(tree, Words.SHARED),
            new Patience(),
            new AtomicLong());
    assertThat(lists(units).digest()).as("lists").isEqualTo(lists(newUnits).digest());
    AtomicIntegerArray uses = PrivateParts.only(units, AtomicIntegerArray.class);
    assertThat(uses.toString()).as("uses").isEqualTo(new AtomicIntegerArray(count).toString());
    AtomicLong drawn =
        PrivateParts.named(
            PrivateParts.only(units, Patience.class), "drawnUnits", AtomicLong.class);
    assertThat(drawn).as("units that threads draw on").hasValue(0);
    assertThat(ReturnedUnits.isEmpty(Words.SHARED, words)).isTrue();
  }

  /** Leaves out the words that belong to no tier. */
  private static long[] tiers(long[] words) {
    long[] tiers = words.clone();
    Arrays.fill(tiers, Tiers.FIRST_SPARE_WORD, Tiers.word(Tiers.UPPER, 0), 0);
    return tiers;
  }

  private static DensityLists lists(Units units) {
    return PrivateParts.only(units, DensityLists.class);
  }
}
