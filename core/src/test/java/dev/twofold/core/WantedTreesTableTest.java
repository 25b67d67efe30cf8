package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which trees are wanted, beside sets, while trees come; and which tree a home tries first. */
class WantedTreesTableTest {

  @Test
  void besideSetsOfTrees() {
    SplittableRandom random = new SplittableRandom(5);
    WantedTrees wanted = new WantedTrees(Words.SHARED);
    TreeSet<Integer> first = new TreeSet<>();
    TreeSet<Integer> second = new TreeSet<>();
    int trees = 1;
    wanted.grow(trees);
    for (int step = 0; step < 3_000; step++) {
      boolean one = random.nextBoolean();
      TreeSet<Integer> expected = one ? first : second;
      int home = one ? 0 : Slots.MAX_HOMES - 1;
      if (random.nextInt(100) == 0) {
        trees += random.nextInt(40);
        wanted.grow(trees);
      } else if (random.nextBoolean()) {
        int tree = random.nextInt(trees);
        wanted.add(tree, home);
        expected.add(tree);
      } else {
        Integer least = expected.pollFirst();
        assertThat(wanted.take(home)).isEqualTo(least == null ? -1 : least);
      }
    }
  }

  @Test
  void aTreeThatThereIsNoRoomForIsForgotten() {
    WantedTrees wanted = new WantedTrees(Words.SHARED);
    wanted.grow(1);
    wanted.add(64, 0);
    assertThat(wanted.take(0)).isEqualTo(-1);
  }

  @Test
  void halfOfTheTreesAreTriedFirst() {
    assertThat(Slots.homeTree(3, 0)).isZero();
    assertThat(Slots.homeTree(3, 1)).isZero();
    assertThat(Slots.homeTree(3, 3)).isZero();
    assertThat(Slots.homeTree(2, 4)).isZero();
    assertThat(Slots.homeTree(3, 4)).isEqualTo(1);
    assertThat(Slots.homeTree(3, 15)).isEqualTo(3);
    assertThat(Slots.homeTree(15, 1_000)).isEqualTo(15);
    assertThat(Slots.nextHomeTree(3, 1)).isEqualTo(1);
    assertThat(Slots.nextHomeTree(2, 4)).isEqualTo(2);
    assertThat(Slots.nextHomeTree(3, 4)).isEqualTo(3);
    assertThat(Slots.nextHomeTree(15, 1_000)).isEqualTo(31);
  }
}
