package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which groups of units a home comes to first, and which trees when its own ones are full. */
class GroupHomesTableTest {

  private static final int ANYWHERE = UnitBins.ANYWHERE;
  private static final int ALL = UnitChoice.ALL_GROUPS;
  private static final int UNITS = 512;

  private final TreeLayout layout = TreeLayout.covering(0, Orders.pages(Orders.MAX_ORDER));
  private final Tree tree = Fixtures.tree(layout, Words.CONFINED);
  private final UnitAges ages = IdleUnits.ofNew(tree, Words.CONFINED, UNITS).ages();
  private final GroupHomes groups = new GroupHomes(Words.CONFINED, tree.words());

  /** Breaks up some more groups, in the order of the groups, and gives them a home. */
  private void use(int count, int home) {
    for (int group = 0; group < count; group++) {
      groups.use(tree.allocateLarge(Tiers.UNIT_ORDER, ages, 0), home);
    }
  }

  @Test
  void newGroupsAreEverybodys() {
    assertThat(groups.of(0, UNITS)).isEqualTo(0xFFFF);
    assertThat(groups.of(1, UNITS)).isEqualTo(0xFFFF);
    assertThat(groups.of(ANYWHERE, UNITS)).isEqualTo(ALL);
  }

  @Test
  void aGroupBelongsToWhoUsedItLast() {
    use(1, 0);
    use(1, 1);
    use(1, ANYWHERE);
    assertThat(groups.of(0, UNITS)).isEqualTo(0xFFFD);
    assertThat(groups.of(1, UNITS)).isEqualTo(0xFFFE);
    groups.use(16_384, 0);
    assertThat(groups.of(0, UNITS)).isEqualTo(0xFFFF);
    assertThat(groups.of(1, UNITS)).isEqualTo(0xFFFC);
    assertThat(groups.of(ANYWHERE, UNITS)).isEqualTo(ALL);
  }

  @Test
  void aGroupThatIsNotBrokenUpIsNobodys() {
    use(1, 0);
    assertThat(groups.of(1, UNITS) & 1).isZero();
    assertThat(BlockHeads.freeUnits(Words.CONFINED, tree.words(), 0)).isEqualTo(9);
    assertThat(tree.healUpperWords()).isTrue();
    assertThat(groups.of(1, UNITS) & 1).isEqualTo(1);
    use(1, ANYWHERE);
    assertThat(groups.of(1, UNITS) & 1).as("nor when it is broken up again").isEqualTo(1);
  }

  @Test
  void whereOthersHaveMuchThatIsFreeAllAreComeToAlike() {
    use(4, 0);
    assertThat(groups.of(1, 4 * 4 * 31)).isEqualTo(0xFFF0);
    assertThat(groups.of(1, 4 * 4 * 31 - 1)).isEqualTo(ALL);
    assertThat(groups.of(0, 0)).isEqualTo(0xFFFF);
  }

  @Test
  void homesAreToldApartUpToTheirNumber() {
    use(1, 1);
    assertThat(groups.of(1 + GroupHomes.COUNT, UNITS) & 1).isEqualTo(1);
    assertThat(groups.of(GroupHomes.COUNT, UNITS) & 1).isZero();
    assertThat(GroupHomes.COUNT).isBetween(2, Slots.MAX_HOMES);
  }

  @Test
  void homesBeginFarFromEachOther() {
    for (int trees : new int[] {1, 2, 3, 16, 1_024}) {
      int former = -1;
      for (int home = 0; home < GroupHomes.COUNT; home++) {
        int first = GroupHomes.firstTree(home, trees);
        assertThat(first).isBetween(0, trees - 1);
        assertThat(first - former).isGreaterThanOrEqualTo(home == 0 ? 1 : trees / GroupHomes.COUNT);
        former = first;
      }
      assertThat(GroupHomes.firstTree(GroupHomes.COUNT, trees)).isZero();
    }
  }
}
