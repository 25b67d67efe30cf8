package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each check of a plain tree must be able to fail. */
class PlainTreeCorruptionTest {

  private static final int FIRST_PAGE = 17;
  private static final int PAGES = 15;

  /** Covers pages 1 to 15 of a span that starts at page 16. */
  private final PlainTree tree = new PlainTree(PlainLayout.covering(FIRST_PAGE, PAGES));

  /** Allocates pages 17 (order 0), 18-19 (order 1) and 20-23 (order 2) of the tree. */
  @BeforeEach
  void allocateALittle() {
    assertThat(tree.allocate(0)).isEqualTo(17);
    assertThat(tree.allocate(1)).isEqualTo(18);
    assertThat(tree.allocate(2)).isEqualTo(20);
    tree.validate();
  }

  private void assertInvalid(String message) {
    assertThatThrownBy(tree::validate)
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: " + message);
  }

  private PlainPageTable table() {
    return PrivateParts.only(tree, PlainPageTable.class);
  }

  private PlainStripes stripes() {
    return PrivateParts.only(tree, PlainStripes.class);
  }

  @Test
  void pageInNoBlock() {
    table().clear(0);
    assertInvalid("a page lies in no block; page [1]");
  }

  @Test
  void blockThatIsNotAligned() {
    table().setAllocated(0, 1);
    assertInvalid("a block is misaligned; page [1]");
  }

  @Test
  void blockThatReachesOverTheEnd() {
    PlainTree odd = new PlainTree(PlainLayout.covering(16, 11));
    assertThat(odd.allocate(0)).isEqualTo(26);
    PrivateParts.only(odd, PlainPageTable.class).setAllocated(10, 1);
    assertThatThrownBy(odd::validate)
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: a block sticks out of its tree; page [10]");
  }

  @Test
  void allocatedBlockWithinAnother() {
    table().setAllocated(5, 0);
    assertInvalid("a block starts within another; page [6]");
  }

  @Test
  void freeBlockWithinAnother() {
    stripes().push(0, 6);
    assertInvalid("a block starts within another; page [6]");
  }

  @Test
  void buddiesThatWereNotMerged() {
    stripes().pop(3);
    stripes().push(2, 8);
    stripes().push(2, 12);
    assertInvalid("two free buddies were not merged; page, order [8, 2]");
  }

  @Test
  void allocatedBlocksThatAreMiscounted() {
    PrivateParts.named(tree, "frees", long[].class)[2]++;
    assertInvalid("allocated blocks are miscounted; order [2]");
  }

  @Test
  void orderOfAnAllocatedBlock() {
    table().setAllocated(1, 0);
    assertInvalid("a page lies in no block; page [3]");
  }

  @Test
  void stripesAreCheckedWithTheirTree() {
    PrivateParts.add(stripes(), "nonEmptyOrders", 1);
    assertInvalid("mask and count disagree; order [0]");
  }
}
