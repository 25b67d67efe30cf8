package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each check of a tree, of its units and of the array of trees must be able to fail. */
class TreeCorruptionTest {

  private static final int PAGES = 2048;

  private final TreeArray array = Fixtures.treesOnline(Fixtures.pages(0, PAGES));
  private final LockedTree locked = PrivateParts.only(array, LockedTree[].class)[0];

  /** Allocates page 0, of unit 0, and pages 512 to 1023, which are unit 1. */
  @BeforeEach
  void allocateALittle() {
    assertThat(array.allocate(0, new PaddedSlot(false, 0))).isZero();
    assertThat(array.allocate(9, new PaddedSlot(false, 0))).isEqualTo(512);
    array.validate();
  }

  private void assertInvalid(String message) {
    assertThatThrownBy(array::validate)
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: " + message);
  }

  private Units units() {
    return PrivateParts.only(locked, Units.class);
  }

  @Test
  void pageInNoBlock() {
    array.allWords().of(0)[Tiers.pageWord(0)] &= ~(1L << BuddyWord.PLACES);
    assertInvalid("a place lies in no block; page [0, 0]");
  }

  @Test
  void blockThatIsNotAligned() {
    array.allWords().of(0)[Tiers.pageWord(0)] = 0xFFFF_FFF8L | (3L << BuddyWord.PLACES);
    assertInvalid("a block is misaligned or sticks out; page [1, 0]");
  }

  @Test
  void wordThatWasNotHealed() {
    array.allWords().of(0)[Tiers.pageWord(0)] = BuddyWord.FREE;
    assertInvalid("a word that is all free was not healed; page [0, 0]");
  }

  @Test
  void placeThatLeadsToPagesAndIsFree() {
    array.allWords().of(0)[Tiers.unitWord(0)] |= 1L << (BuddyWord.PLACES / 2 + 3);
    assertInvalid("a place leads to pages and is not broken up; page [0, 9]");
  }

  @Test
  void placeThatLeadsToNoPages() {
    array.allWords().of(0)[Tiers.pageWord(0)] = 0;
    assertInvalid("a place lies in no block; page [0, 0]");
  }

  @Test
  void placeThatLeadsNowhere() {
    array.allWords().of(0)[Tiers.word(Tiers.UPPER, 512)] |= 1L << Tiers.place(Tiers.UPPER, 512);
    assertInvalid("a place leads nowhere: blocks in runs [0, 1]");
  }

  @Test
  void runThatStartsAtNoBlockOfOne() {
    runs().start(512);
    assertInvalid("no block is where a run starts; page [512]");
  }

  @Test
  void runOfASingleBlock() {
    assertThat(runs().fromBlock(512, 9)).isTrue();
    runs().start(512);
    assertInvalid("a run has a single block; page [512]");
  }

  @Test
  void runsThatAreMiscounted() {
    assertThat(locked.claimRun(1024, 1027)).isTrue();
    runs().start(1024);
    array.validate();
    PrivateParts.add(runs(), "count", 1);
    assertInvalid("runs are miscounted [1, 2]");
  }

  @Test
  void blockThatContinuesNoRun() {
    assertThat(locked.claimRun(1024, 1027)).isTrue();
    assertInvalid("a place leads nowhere: blocks in runs [0, 2]");
  }

  private TreeRuns runs() {
    return locked.runs();
  }

  @Test
  void wordBelowABlock() {
    array.allWords().of(0)[Tiers.pageWord(544)] = BuddyWord.FREE;
    array.allWords().of(0)[Tiers.pageWord(64)] = BuddyWord.FREE;
    assertInvalid("a word below a block is not empty; page [64, 0]");
  }

  @Test
  void unitThatStandsForLessThanItHas() {
    PrivateParts.only(units(), UnitBins.class).remove(0);
    assertInvalid("a unit stands for less than it has; unit [0, -1]");
  }

  @Test
  void upperTiersThatStandForLessThanTheyHave() {
    PrivateParts.add(PrivateParts.only(units(), FreeCount.class), "largestWhole", -10);
    assertInvalid("the upper tiers stand for less than they have; order [0]");
  }

  @Test
  void indexThatIsWrongAboutATree() {
    PrivateParts.only(array, LargestOrderIndex.class).publish(0, 2);
    assertInvalid("the index is wrong about tree [0]");
  }

  @Test
  void treeThatIsWrongAboutTheIndex() {
    PrivateParts.add(locked, "published", -1);
    assertInvalid("the index is wrong about tree [0]");
  }

  @Test
  void indexNodeThatIsNotTheLargerOfItsChildren() {
    TreeArray two = Fixtures.treesOnline(Fixtures.pages((1 << 18) - 8, 16));
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
      assertThat(allocator.allocatePages(0)).isZero();
      TreeArray trees = PrivateParts.trees(allocator);
      trees.allWords().of(0)[Tiers.pageWord(0)] |= 1;
      assertThatThrownBy(allocator::validate)
          .isInstanceOf(AssertionError.class)
          .hasMessage("corrupt metadata: a block continues no run; tree [0]");
    }
  }
}
