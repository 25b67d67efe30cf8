package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a slot gets to know the block that its thread frees right after it allocated it. */
class KnownBlockTableTest {

  private static final long[] WORDS = new long[Tiers.wordCount(Orders.MAX_ORDER)];

  private final Slot slot = new PaddedSlot(false, 0);

  @Test
  void theFirstOneAtOnce() {
    assertThat(slot.mayRepeat(7)).isTrue();
    assertThat(slot.repeats(7, 3)).isTrue();
  }

  @Test
  void laterOnesAfterMoreAndMoreRepeats() {
    knowOne(7, 3);
    for (int known = 1; known < 12; known++) {
      int page = 100 + known;
      assertThat(freesUntilItMayRepeat(page)).isEqualTo(Math.min(known + 1, 8) + 1);
      assertThat(slot.repeats(page, 3)).isTrue();
    }
  }

  @Test
  void noneThatAnotherOneCameBetween() {
    knowOne(7, 3);
    for (int round = 0; round < 20; round++) {
      assertThat(slot.mayRepeat(8)).isFalse();
      assertThat(slot.mayRepeat(9)).isFalse();
    }
  }

  @Test
  void noneWhoseOrderIsAnotherEachTime() {
    knowOne(7, 3);
    for (int round = 0; round < 20; round++) {
      freesUntilItMayRepeat(8);
      assertThat(slot.repeats(8, round & 1)).isFalse();
    }
    freesUntilItMayRepeat(8);
    assertThat(slot.repeats(8, 1)).isTrue();
  }

  @Test
  void anotherThreadBeginsAnew() {
    knowOne(7, 3);
    slot.setOwner(2);
    assertThat(slot.mayRepeat(8)).isTrue();
    assertThat(slot.repeats(8, 0)).isTrue();
  }

  @Test
  void notAnyMoreIfOthersAreAllocatedForIt() {
    knowOne(7, 3);
    passOver(1);
    assertThat(slot.knows(7)).isTrue();
    passOver(3);
    assertThat(slot.knows(7)).isFalse();
    assertThat(slot.reusableOrder()).isEqualTo(KnownBlock.NONE);
  }

  @Test
  void stillIfThatIsSeldom() {
    knowOne(7, 3);
    for (int round = 0; round < 20; round++) {
      assertThat(passOver(4)).as("another one may get known").isFalse();
      assertThat(slot.knows(7)).isTrue();
    }
  }

  private void knowOne(int page, int order) {
    assertThat(slot.mayRepeat(page)).isTrue();
    assertThat(slot.repeats(page, order)).isTrue();
    slot.know(page, order, WORDS, Tiers.pageWord(page), 1, page);
  }

  /** The known block was freed; others are allocated, and the last of them is freed again. */
  private boolean passOver(int allocations) {
    slot.setReusable(true);
    for (int count = 0; count < allocations; count++) {
      slot.noteAllocated(count + 1000, 0);
    }
    return slot.mayRepeat(999 + allocations);
  }

  private int freesUntilItMayRepeat(long page) {
    int frees = 1;
    while (!slot.mayRepeat(page)) {
      frees++;
    }
    return frees;
  }
}
