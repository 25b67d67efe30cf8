package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which trees are asked for what did not go back. */
class StandbyTreesTableTest {

  private final StandbyTrees trees = new StandbyTrees();

  /** Returns who was asked until one had a page. */
  private List<Integer> asked(int order, int having) {
    List<Integer> asked = new ArrayList<>();
    long page =
        trees.ask(
            order,
            number -> {
              asked.add(number);
              return number == having ? 77 : TreeArray.NONE;
            });
    assertThat(page).isEqualTo(asked.contains(having) ? 77 : TreeArray.NONE);
    return asked;
  }

  @Test
  void nobodyIsAskedAtFirst() {
    assertThat(trees.isEmpty()).isTrue();
    assertThat(asked(0, 0)).isEmpty();
    trees.set(new int[] {1});
    assertThat(trees.isEmpty()).isFalse();
    trees.set(new int[] {});
    assertThat(trees.isEmpty()).isTrue();
  }

  @Test
  void theyAreAskedInTheirOrder() {
    trees.set(new int[] {5, 3, Cursor.MAX_TREES - 1, 0, 7});
    assertThat(asked(18, 5)).containsExactly(5);
    assertThat(asked(18, Cursor.MAX_TREES - 1)).containsExactly(5, 3, Cursor.MAX_TREES - 1);
    assertThat(asked(9, 7)).containsExactly(5, 3, Cursor.MAX_TREES - 1, 0, 7);
  }

  @Test
  void whoHasNothingIsNotAskedForThatOrderOrMoreUntilTheNextLook() {
    trees.set(new int[] {5, 3, 9});
    assertThat(asked(4, 3)).containsExactly(5, 3);
    assertThat(asked(4, 1)).containsExactly(3, 9);
    assertThat(asked(12, 1)).isEmpty();
    assertThat(asked(4, 5)).isEmpty();
    assertThat(asked(3, 5)).containsExactly(5);
    assertThat(asked(0, 1)).containsExactly(5, 3, 9);
    assertThat(asked(0, 1)).isEmpty();
    trees.set(new int[] {5});
    assertThat(asked(12, 5)).containsExactly(5);
  }

  @Test
  void manyAreAskedByOneRequestAfterTheOther() {
    trees.set(IntStream.range(0, 40).toArray());
    assertThat(asked(9, 20)).hasSize(16).doesNotContain(20);
    assertThat(asked(9, 20)).hasSize(5).contains(20);
  }
}
