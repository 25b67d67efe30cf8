package dev.twofold.core;

import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each check of a tree and of the array of trees must be able to fail. */
class TreeCorruptionTest {

  private static final int FIRST_PAGE = 17;
  private static final int PAGES = 15;

  /** Covers pages 1 to 15 of a span that starts at page 16. */
  private final Tree tree = new Tree(TreeLayout.covering(FIRST_PAGE, PAGES));

  private final TreeArray array = new TreeArray(layouts(FIRST_PAGE, PAGES), true);

  private static List<TreeLayout> layouts(long firstPage, long pageCount) {
    return new AddressMap(12, List.of(Fixtures.pages(firstPage, pageCount))).layouts();
  }

  /** Allocates pages 17 (order 0), 18-19 (order 1) and 20-23 (order 2) of the tree. */
  @BeforeEach
  void allocateALittle() {
    assertThat(tree.allocate(0)).isEqualTo(17);
    assertThat(tree.allocate(1)).isEqualTo(18);
    assertThat(tree.allocate(2)).isEqualTo(20);
    tree.validate();
    array.validate();
  }

  private void assertInvalid(String message) {
    assertThatThrownBy(tree::validate)
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: " + message);
  }

  private PageTable table() {
    return PrivateParts.only(tree, PageTable.class);
  }

  private Stripes stripes() {
    return PrivateParts.only(tree, Stripes.class);
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
    Tree odd = new Tree(TreeLayout.covering(16, 11));
    assertThat(odd.allocate(0)).isEqualTo(26);
    PrivateParts.only(odd, PageTable.class).setAllocated(10, 1);
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

  @Test
  void indexThatIsWrongAboutATree() {
    PrivateParts.only(array, LargestOrderIndex.class).publish(0, 2);
    assertThatThrownBy(array::validate)
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: the index is wrong about tree [0]");
  }

  @Test
  void treeThatIsWrongAboutTheIndex() {
    PrivateParts.add(PrivateParts.only(array, LockedTree[].class)[0], "published", -1);
    assertThatThrownBy(array::validate)
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: the index is wrong about tree [0]");
  }

  @Test
  void indexNodeThatIsNotTheLargerOfItsChildren() {
    TreeArray two = new TreeArray(layouts((1 << 18) - 8, 16), true);
    two.validate();
    LargestOrderIndex index = PrivateParts.only(two, LargestOrderIndex.class);
    PrivateParts.only(index, AtomicIntegerArray.class).set(1, 2);
    assertThatThrownBy(two::validate)
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: an index node is not the larger of its children; node [1]");
  }

  @Test
  void allocatorsValidationReachesItsTrees() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      assertThat(allocator.allocatePages(0)).isLessThan(8 * PAGE_BYTES);
      TreeArray trees = PrivateParts.only(allocator, TreeArray.class);
      LockedTree first = PrivateParts.only(trees, LockedTree[].class)[0];
      TwoTierTree tiers = PrivateParts.only(first, TwoTierTree.class);
      PrivateParts.named(PrivateParts.only(tiers, Tree.class), "frees", long[].class)[0]++;
      assertThatThrownBy(allocator::validate)
          .isInstanceOf(AssertionError.class)
          .hasMessage("corrupt metadata: allocated blocks are miscounted; order [0]");
    }
  }
}
