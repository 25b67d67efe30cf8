package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Where threads of different homes allocate whole units: apart from each other where memory is
 * plenty, and wherever there is room at last. Two actors play them.
 */
class HomesApartScenarioTest {

  private static final int TREE_PAGES = Orders.pages(Orders.MAX_ORDER);
  private static final int UNIT = Tiers.UNIT_ORDER;
  private static final long PLENTY = 1L << 40;

  /** Returns a stage of two actors, of the first home and of one in the middle. */
  private static Stage stage(long pages, long elsewhere) {
    Stage stage = new Stage(2, Fixtures.pages(0, pages));
    stage.setHome(1, GroupHomes.COUNT / 2);
    PrivateParts.only(stage.trees(), SharedParts.class).patience().addNew(elsewhere);
    return stage;
  }

  private static long group(long page) {
    return page / GroupHomes.GROUP_PAGES;
  }

  @Test
  void inGroupsOfTheirOwn() {
    Stage stage = stage(TREE_PAGES, PLENTY);
    assertThat(group(stage.allocate(0, UNIT))).isEqualTo(0);
    assertThat(group(stage.allocate(1, UNIT))).isEqualTo(1);
    for (int unit = 1; unit < 32; unit++) {
      assertThat(group(stage.allocate(1, UNIT))).isEqualTo(1);
      assertThat(group(stage.allocate(0, UNIT))).isEqualTo(0);
    }
    assertThat(group(stage.allocate(0, UNIT))).isEqualTo(2);
    assertThat(group(stage.allocate(1, UNIT))).isEqualTo(3);
    stage.trees().validate();
  }

  @Test
  void inOneGroupWhereMemoryIsScarce() {
    Stage stage = stage(TREE_PAGES, -PLENTY);
    assertThat(group(stage.allocate(0, UNIT))).isEqualTo(0);
    assertThat(group(stage.allocate(1, UNIT))).isEqualTo(0);
  }

  @Test
  void inWhatOthersFreedBeforeMoreIsBrokenUp() {
    Stage stage = stage(TREE_PAGES, PLENTY);
    long[] pages = new long[256];
    for (int unit = 0; unit < pages.length; unit++) {
      pages[unit] = stage.allocate(0, UNIT);
    }
    for (int unit = 0; unit < pages.length; unit += 2) {
      assertThat(stage.free(0, pages[unit])).isTrue();
    }
    stage.trees().settle();
    for (int unit = 0; unit < 32; unit++) {
      assertThat(group(stage.allocate(1, UNIT))).isLessThan(8);
    }
    assertThat(stage.allocate(0, 17)).as("the other half").isEqualTo(TREE_PAGES / 2);
  }

  @Test
  void inGroupsOfOthersUntilNothingIsLeft() {
    Stage stage = stage(TREE_PAGES, PLENTY);
    int groups = TREE_PAGES / GroupHomes.GROUP_PAGES;
    for (int unit = 0; unit < 32 * groups - 8; unit++) {
      assertThat(stage.allocate(0, UNIT)).isNotEqualTo(Engine.NO_PAGE);
    }
    for (int unit = 0; unit < 8; unit++) {
      assertThat(stage.allocate(1, UNIT)).isNotEqualTo(Engine.NO_PAGE);
    }
    assertThat(stage.allocate(1, UNIT)).isEqualTo(Engine.NO_PAGE);
    assertThat(stage.allocate(0, UNIT)).isEqualTo(Engine.NO_PAGE);
    stage.trees().validate();
  }

  /** Of eight trees, only those numbered 3 and 7 have room, which are no one's own. */
  @Test
  void inDifferentTreesWhenTheirOwnAreFull() {
    assertThat(treesOfBoth(PLENTY)).containsExactly(3, 7);
  }

  @Test
  void inOneTreeWhereMemoryIsScarce() {
    assertThat(treesOfBoth(-PLENTY)).containsExactly(3, 3);
  }

  private static long[] treesOfBoth(long elsewhere) {
    Stage stage = stage(8L * TREE_PAGES, elsewhere);
    for (int tree = 0; tree < 8; tree++) {
      assertThat(stage.allocate(0, Orders.MAX_ORDER)).isNotEqualTo(Engine.NO_PAGE);
    }
    assertThat(stage.free(0, 3L * TREE_PAGES)).isTrue();
    assertThat(stage.free(0, 7L * TREE_PAGES)).isTrue();
    stage.trees().settle();
    long first = stage.allocate(0, UNIT);
    long second = stage.allocate(1, UNIT);
    return new long[] {first / TREE_PAGES, second / TREE_PAGES};
  }
}
