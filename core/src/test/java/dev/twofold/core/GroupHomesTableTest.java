package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which groups of units a home comes to first, and which trees when its own ones are full. */
class GroupHomesTableTest {

  private static final int ANYWHERE = UnitBins.ANYWHERE;

  private final GroupHomes groups = new GroupHomes();

  @Test
  void newGroupsAreEverybodys() {
    assertThat(groups.of(0)).isEqualTo(0xFFFF);
    assertThat(groups.of(1)).isEqualTo(0xFFFF);
    assertThat(groups.of(ANYWHERE)).isEqualTo(GroupHomes.ALL);
  }

  @Test
  void aGroupBelongsToWhoUsedItLast() {
    groups.use(0, 0);
    groups.use(16_383, 0);
    groups.use(16_384, 1);
    groups.use(262_143, ANYWHERE);
    assertThat(groups.of(0)).isEqualTo(0xFFFD);
    assertThat(groups.of(1)).isEqualTo(0xFFFE);
    groups.use(16_384, 0);
    assertThat(groups.of(0)).isEqualTo(0xFFFF);
    assertThat(groups.of(1)).isEqualTo(0xFFFC);
    assertThat(groups.of(ANYWHERE)).isEqualTo(GroupHomes.ALL);
  }

  @Test
  void homesAreToldApartUpToTheirNumber() {
    groups.use(0, 1);
    assertThat(groups.of(1 + GroupHomes.COUNT) & 1).isEqualTo(1);
    assertThat(groups.of(GroupHomes.COUNT) & 1).isZero();
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

  /** Threads that are made one after the other have different homes. */
  @Test
  void threadsTakeWholeUnitsFromDifferentGroups() {
    assertThat(groupsOfTwoThreads(1L << 19)).doesNotHaveDuplicates();
  }

  @Test
  void threadsShareAGroupWhereMemoryIsScarce() {
    assertThat(groupsOfTwoThreads(1L << 15)).containsOnly(0L);
  }

  private static List<Long> groupsOfTwoThreads(long pages) {
    List<Long> blocks = new ArrayList<>();
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, pages)) {
      for (int thread = 0; thread < 2; thread++) {
        Threads.platform(1, first -> blocks.add(allocator.allocatePages(Tiers.UNIT_ORDER)));
      }
      allocator.validate();
    }
    long groupBytes = GroupHomes.GROUP_PAGES * Fixtures.PAGE_BYTES;
    return blocks.stream().map(address -> address / groupBytes).toList();
  }
}
