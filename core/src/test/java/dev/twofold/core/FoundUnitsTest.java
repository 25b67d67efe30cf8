package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which idle units of a tree are found, and which of them stay. */
class FoundUnitsTest {

  private static final int UNIT = Tiers.UNIT_ORDER;
  private static final int UNIT_PAGES = Tiers.UNIT_PAGES;

  private final Stage stage = new Stage(1, Fixtures.pages(0, 128L * UNIT_PAGES));
  private final LockedTree tree = stage.tree(0);

  /** All 32 units of group 0 are free, and of group 1 units 1, 4, 5 and 8 to 11; group 3 is new. */
  @BeforeEach
  void allocateAndFree() {
    for (int unit = 0; unit < 96; unit++) {
      assertThat(stage.allocate(0, UNIT)).isEqualTo((long) unit * UNIT_PAGES);
    }
    for (int unit = 0; unit < 44; unit++) {
      boolean freed = unit < 32 || unit == 33 || unit == 36 || unit == 37 || unit >= 40;
      assertThat(freed && stage.free(0, (long) unit * UNIT_PAGES)).isEqualTo(freed);
    }
    stage.trees().settle();
  }

  @Test
  void whatIsIdleOrNeeded() {
    FoundUnits early = tree.findIdle(UNIT, 10, 5);
    assertThat(early.idle(0)).isZero();
    assertThat(early.needed()).as("used or free just now").isEqualTo(96);
    FoundUnits found = tree.findIdle(UNIT, 20, 10);
    assertThat(found.idle(0)).isEqualTo(-1);
    assertThat(found.idle(1)).isEqualTo(0b1111_0011_0010);
    assertThat(found.idle(3)).as("new").isZero();
    assertThat(found.needed()).isEqualTo(96 - 32 - 7);
    FoundUnits inBlocks = tree.findIdle(UNIT + 2, 20, 10);
    assertThat(inBlocks.idle(0)).isEqualTo(-1);
    assertThat(inBlocks.idle(1)).isEqualTo(0b1111_0000_0000);
  }

  @Test
  void whatWentBackIsUsedAgain() {
    FoundUnits found = tree.findIdle(UNIT, 20, 20);
    assertThat(found.gaveBack()).isFalse();
    int kept = tree.keepIdle(1, found.idle(1), 20);
    tree.release(1, kept, 1 << 4, 20, 1);
    assertThat(tree.findIdle(UNIT, 30, 30).gaveBack()).isTrue();
    assertThat(tree.claimRun(36 * UNIT_PAGES, 37 * UNIT_PAGES)).isTrue();
    assertThat(tree.findIdle(UNIT, 40, 40).gaveBack()).as("allocated").isTrue();
    tree.releaseRun(36 * UNIT_PAGES, 37 * UNIT_PAGES);
    assertThat(tree.findIdle(UNIT, 50, 50).gaveBack()).as("freed").isFalse();
  }

  @Test
  void thoseInTheSmallestFreeBlocksStay() {
    FoundUnits found = tree.findIdle(UNIT, 20, 20);
    assertThat(found.haveSpare()).as("nothing stays").isFalse();
    assertThat(tree.leaveOut(found, 2)).isEqualTo(2);
    assertThat(found.haveSpare()).isTrue();
    assertThat(found.idle(1)).as("a lone one, and one of two").isEqualTo(0b1111_0010_0000);
    assertThat(tree.leaveOut(found, 4)).isEqualTo(4);
    assertThat(found.idle(1)).isEqualTo(0b1000_0000_0000);
    assertThat(found.idle(0)).isEqualTo(-1);
    assertThat(tree.leaveOut(found, 40)).isEqualTo(33);
    assertThat(found.idle(0) | found.idle(1)).isZero();
    assertThat(found.haveIdle()).isFalse();
  }
}
