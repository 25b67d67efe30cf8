package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index under a reader: what is there all along, if not always in the same tree, is found. */
class ConcurrentIndexTest {

  private static final int ORDER = 3;

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 64})
  void readerNeverMissesABlockThatMovesFromTreeToTree(int trees) {
    LargestOrderIndex index = new LargestOrderIndex(trees);
    index.publish(0, ORDER);
    AtomicBoolean moving = new AtomicBoolean(true);
    Threads.platform(
        2,
        thread -> {
          if (thread == 0) {
            move(index, trees);
            moving.set(false);
          } else {
            while (moving.get()) {
              assertThat(index.firstWith(ORDER)).isNotEqualTo(LargestOrderIndex.NONE);
              assertThat(index.firstWith(ORDER + 1)).isEqualTo(LargestOrderIndex.NONE);
            }
          }
        });
    index.validate();
  }

  /** Each thread has a tree, and finds at least that one for as long as it can serve. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void whatATreePublishedIsInSightUntilItPublishesAgain(int trees) {
    LargestOrderIndex index = new LargestOrderIndex(trees);
    Threads.platform(
        trees,
        tree -> {
          for (int step = 0; step < 200_000; step++) {
            index.publish(tree, ORDER);
            assertThat(index.firstWith(ORDER)).isNotEqualTo(LargestOrderIndex.NONE);
            index.publish(tree, LargestOrderIndex.NONE);
          }
        });
    index.validate();
    assertThat(index.firstWith(0)).isEqualTo(LargestOrderIndex.NONE);
  }

  /** Raises the next tree before it lowers the last one. */
  private static void move(LargestOrderIndex index, int trees) {
    int from = 0;
    for (int step = 0; step < 500_000; step++) {
      int to = (from + 1 + step % (trees - 1)) % trees;
      index.publish(to, ORDER);
      index.publish(from, LargestOrderIndex.NONE);
      from = to;
    }
  }
}
