package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearTreeTableTest {

  private static final long[] WORDS = new long[1];

  @ParameterizedTest
  @CsvSource({
    "1000, 24, 999, false, 0",
    "1000, 24, 1000, true, 8",
    "1000, 24, 1023, true, 31",
    "1000, 24, 1024, false, 0",
    "1000, 24, -1, false, 0",
    "524288, 262144, 524288, true, 0",
    "524288, 262144, 786431, true, 262143",
    "524288, 262144, 786432, false, 0"
  })
  void hasThePagesOfItsTreeAndNoOthers(
      long firstPage, int pageCount, long page, boolean has, int pageInTree) {
    NearTree tree = NearTree.of(TreeLayout.covering(firstPage, pageCount), WORDS);
    assertThat(tree.words()).isSameAs(WORDS);
    assertThat(tree.has(page)).isEqualTo(has);
    if (has) {
      assertThat(tree.pageInTree(page)).isEqualTo(pageInTree);
    }
    assertThat(NearTree.NONE.has(page)).isFalse();
  }

  @Test
  void aCommonSlotHasTheTreeThatItWasSentToLast() {
    Slot slot = new PaddedSlot(true, 0);
    TreeLayout layout = TreeLayout.covering(1000, 24);
    slot.noteTree(layout, WORDS);
    assertThat(slot.commonTree().has(1000)).isTrue();
    NearTree first = slot.commonTree();
    slot.noteTree(layout, WORDS);
    assertThat(slot.commonTree()).isSameAs(first);
    long[] moved = new long[1];
    slot.noteTree(layout, moved);
    assertThat(slot.commonTree().words()).isSameAs(moved);
    slot.noteTree(TreeLayout.covering(5000, 24), WORDS);
    assertThat(slot.commonTree().has(1000)).isFalse();
    assertThat(slot.commonTree().has(5000)).isTrue();
    assertThat(slot.isNear(5000)).as("threads that share it read no tree piece by piece").isFalse();
  }
}
