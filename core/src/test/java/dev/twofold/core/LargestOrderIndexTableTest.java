package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tournament over trees beside a linear search. */
class LargestOrderIndexTableTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 64, 65})
  void newIndexServesNothing(int trees) {
    LargestOrderIndex index = new LargestOrderIndex(trees);
    assertThat(index.firstWith(0)).isEqualTo(LargestOrderIndex.NONE);
    index.validate();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 64, 65})
  void findsTheFirstTreeThatServes(int trees) {
    SplittableRandom random = new SplittableRandom(trees);
    LargestOrderIndex index = new LargestOrderIndex(trees);
    int[] largest = new int[trees];
    Arrays.fill(largest, LargestOrderIndex.NONE);
    for (int step = 0; step < 500; step++) {
      int tree = random.nextInt(trees);
      largest[tree] = random.nextInt(-1, Orders.COUNT);
      index.publish(tree, largest[tree]);
      index.validate();
      assertThat(index.published(tree)).isEqualTo(largest[tree]);
      for (int order = 0; order < Orders.COUNT; order++) {
        assertThat(index.firstWith(order)).isEqualTo(firstWith(largest, order));
      }
      int order = random.nextInt(Orders.COUNT);
      int preferred = random.nextInt(trees + 2);
      int other = random.nextInt(trees + 2);
      int start = random.nextInt(trees);
      assertThat(index.firstWith(order, preferred, other, start))
          .isEqualTo(
              IntStream.concat(IntStream.of(preferred, other), IntStream.range(start, trees))
                  .filter(wanted -> wanted < trees && largest[wanted] >= order)
                  .findFirst()
                  .orElse(firstWith(largest, order)));
    }
  }

  private static int firstWith(int[] largest, int order) {
    for (int tree = 0; tree < largest.length; tree++) {
      if (largest[tree] >= order) {
        return tree;
      }
    }
    return LargestOrderIndex.NONE;
  }
}
