package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a tree refuses by itself, without the index in front of it. */
class PlainTreeTableTest {

  private final PlainTree tree = new PlainTree(PlainLayout.covering(21, 3));

  @Test
  void requestsThatNoBlockServes() {
    assertThat(tree.largestFreeOrder()).isOne();
    long digest = tree.digest();
    assertThat(tree.allocate(2)).isEqualTo(PlainTree.NONE);
    assertThat(tree.allocate(18)).isEqualTo(PlainTree.NONE);
    assertThat(tree.digest()).isEqualTo(digest);
    assertThat(tree.allocate(1)).isEqualTo(22);
    assertThat(tree.allocate(0)).isEqualTo(21);
    assertThat(tree.largestFreeOrder()).isEqualTo(PlainTree.NONE);
    digest = tree.digest();
    assertThat(tree.allocate(0)).isEqualTo(PlainTree.NONE);
    assertThat(tree.digest()).isEqualTo(digest);
  }

  @Test
  void freesOfWhatIsNotAllocated() {
    assertThat(tree.allocate(1)).isEqualTo(22);
    long digest = tree.digest();
    assertThat(tree.free(21)).isEqualTo(PlainTree.NONE);
    assertThat(tree.free(23)).isEqualTo(PlainTree.NONE);
    assertThat(tree.allocatedOrder(21)).isEqualTo(PlainTree.NONE);
    assertThat(tree.allocatedPageAround(21)).isEqualTo(PlainTree.NONE);
    assertThat(tree.allocatedPageAround(23)).isEqualTo(22);
    assertThat(tree.digest()).isEqualTo(digest);
    assertThat(tree.free(22)).isOne();
    assertThat(tree.largestFreeOrder()).isOne();
    tree.validate();
  }
}
