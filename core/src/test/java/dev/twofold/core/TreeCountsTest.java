package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What a tree counts: what a request that is about to be refused goes by, settlements; and what is
 * free in all trees together, which says how much of it may wait.
 */
class TreeCountsTest {

  private static final int UNIT = Tiers.UNIT_ORDER;
  private static final int UNIT_PAGES = Tiers.UNIT_PAGES;

  private final Stage stage = new Stage(1, Fixtures.pages(0, 2L * UNIT_PAGES));
  private final LockedTree tree = stage.tree(0);

  private void assertCounts(String what, Runnable action) {
    long before = tree.settlements();
    action.run();
    assertThat(tree.settlements()).as(what + " counts as a settlement").isGreaterThan(before);
  }

  @Test
  void goingOfflineAndOnlineAreSettlements() {
    stage.allocate(0, 0);
    assertCounts("to go offline", stage.region(0)::takeOffline);
    assertCounts("to go online", stage.region(0)::putOnline);
  }

  @Test
  void keepingAndReleasingAreSettlements() {
    assertThat(stage.free(0, stage.allocate(0, UNIT))).isTrue();
    stage.trees().settle();
    int idle = tree.findIdle(UNIT, 1, 1).idle(0);
    assertThat(idle).isEqualTo(1);
    assertCounts("to keep", () -> assertThat(tree.keepIdle(0, idle, 1)).isEqualTo(idle));
    assertCounts("to release", () -> tree.release(0, idle, idle, 2, 1));
  }

  /** Pages of a unit that is broken up are in its words, in sight of all who look there. */
  @Test
  void takingAndReturningWholeUnitsAndPuttingBackAnyPagesAreSettlements() {
    assertThat(stage.allocate(0, 0)).isEqualTo(0);
    assertCounts("to take a unit", () -> assertThat(claim(UNIT_PAGES, 2 * UNIT_PAGES)).isTrue());
    assertCounts("to put a unit back", () -> tree.takeBackRun(UNIT_PAGES, 2 * UNIT_PAGES));
    assertCounts(
        "to take both ends", () -> assertThat(claim(UNIT_PAGES - 1, UNIT_PAGES + 1)).isTrue());
    assertCounts("to free them", () -> tree.releaseRun(UNIT_PAGES - 1, UNIT_PAGES + 1));
    assertThat(claim(5, 10)).isTrue();
    assertCounts("to put pages back", () -> tree.takeBackRun(5, 10));
    tree.validate();
  }

  private boolean claim(int from, int to) {
    return tree.claimRun(from, to);
  }

  @Test
  void settlingIsOne() {
    assertThat(stage.free(0, stage.allocate(0, 0))).isTrue();
    assertCounts("to settle", () -> assertThat(tree.settle()).isTrue());
    assertCounts(
        "to settle what is worth it", () -> tree.settleWorthwhile(UnitBins.ANYWHERE, false));
    long before = tree.settlements();
    assertThat(tree.settle()).isFalse();
    assertThat(tree.settlements()).isEqualTo(before);
  }

  /** Free pages, units that are broken up, and units that are drawn on, as far as trees tell. */
  @Test
  void whatATreeHasCountsWhileItIsOnline() {
    Stage large = new Stage(1, Fixtures.pages(0, 1 << 14));
    Patience patience = PrivateParts.only(large.trees(), SharedParts.class).patience();
    assertThat(large.allocate(0, 0)).isEqualTo(0);
    large.trees().settle();
    assertThat(count(patience, "freePages")).isPositive();
    assertThat(count(patience, "brokenUnits")).isEqualTo(1);
    assertThat(count(patience, "drawnUnits")).isEqualTo(1);
    large.region(0).takeOffline();
    assertThat(count(patience, "freePages")).isZero();
    assertThat(count(patience, "brokenUnits")).isZero();
    assertThat(count(patience, "drawnUnits")).isZero();
  }

  @Test
  void aTreeCountsAsNewUntilItIsAllocatedFrom() {
    Stage large = new Stage(1, Fixtures.pages(0, 1 << 14));
    Patience patience = PrivateParts.only(large.trees(), SharedParts.class).patience();
    assertThat(count(patience, "newPages")).isEqualTo(1 << 14);
    large.region(0).putOnline();
    assertThat(count(patience, "newPages")).isEqualTo(1 << 14);
    large.region(0).takeOffline();
    large.region(0).takeOffline();
    assertThat(count(patience, "newPages")).isZero();
    large.region(0).putOnline();
    assertThat(large.allocate(0, 9)).isEqualTo(0);
    assertThat(count(patience, "newPages")).isZero();
    assertThat(count(patience, "freePages")).isEqualTo(1 << 14);
    large.region(0).takeOffline();
    large.region(0).putOnline();
    assertThat(count(patience, "newPages")).isZero();
  }

  @Test
  void whatIsTakenInLargeBlocksCountsWhenItIsAQuarterOfATree() {
    Stage large = new Stage(1, Fixtures.pages(0, 1 << 18));
    Patience patience = PrivateParts.only(large.trees(), SharedParts.class).patience();
    assertThat(large.allocate(0, 15)).isEqualTo(0);
    assertThat(count(patience, "freePages")).isEqualTo(1 << 18);
    assertThat(large.allocate(0, 16)).isEqualTo(1 << 16);
    assertThat(count(patience, "freePages")).isEqualTo((1 << 18) - (1 << 16) - (1 << 15));
  }

  private static long count(Patience patience, String what) {
    return PrivateParts.named(patience, what, Number.class).longValue();
  }
}
