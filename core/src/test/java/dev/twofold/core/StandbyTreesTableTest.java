package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which trees are asked for what did not go back. */
class StandbyTreesTableTest {

  private final StandbyTrees trees = new StandbyTrees();

  /** Returns who was asked until one had a page. */
  private List<Integer> asked(int having, boolean forgets) {
    List<Integer> asked = new ArrayList<>();
    long page =
        trees.ask(
            number -> {
              asked.add(number);
              return number == having ? 77 : TreeArray.NONE;
            },
            forgets);
    assertThat(page).isEqualTo(asked.contains(having) ? 77 : TreeArray.NONE);
    return asked;
  }

  @Test
  void nobodyIsAskedAtFirst() {
    assertThat(trees.isEmpty()).isTrue();
    assertThat(asked(0, true)).isEmpty();
  }

  @Test
  void upToFourAreAskedInTurn() {
    trees.set(new int[] {5, 3, 9, 0, 7});
    assertThat(asked(9, false)).containsExactly(5, 3, 9);
    assertThat(asked(7, false)).containsExactly(5, 3, 9, 0);
    assertThat(trees.isEmpty()).isFalse();
  }

  @Test
  void whoHasNothingIsForgottenUntilTheNextLook() {
    trees.set(new int[] {5, 3, 9, 0, 7});
    assertThat(asked(3, true)).containsExactly(5, 3);
    assertThat(asked(7, true)).containsExactly(3, 9, 0, 7);
    assertThat(asked(1, true)).containsExactly(7);
    assertThat(trees.isEmpty()).isTrue();
    trees.set(new int[] {5});
    assertThat(asked(5, true)).containsExactly(5);
  }
}
