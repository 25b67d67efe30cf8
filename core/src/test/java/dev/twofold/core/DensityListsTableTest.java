package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which unit comes first: the policy by examples, and under random moves beside a sort of all
 * units.
 */
class DensityListsTableTest {

  private static final int NONE = DensityLists.NONE;
  private static final int HOME = 0;

  /** What the lists know of a unit. */
  private record Known(int order, int pages, boolean inUse, int home) {

    static final Known NOWHERE = new Known(NONE, 0, false, HOME);

    /** Lists are 8 pages wide, but for the last one of the emptiest units. */
    int step() {
      return Math.min((pages - 1) / 8, 62);
    }
  }

  private final DensityLists lists = new DensityLists(64);

  /** Returns a profile of that many free pages whose largest free block is of that order. */
  private static int profile(int order, int pages) {
    return order == NONE ? UnitProfile.NOTHING : UnitProfile.of(0, order, pages);
  }

  private void place(int unit, int order, int pages) {
    lists.place(unit, profile(order, pages), false);
  }

  @Test
  void smallestLargestBlockBeforeFullest() {
    place(1, 5, 32);
    place(2, 3, 300);
    place(3, 3, 100);
    place(4, 0, 400);
    assertThat(lists.find(0, 1, HOME)).isEqualTo(4);
    assertThat(lists.find(1, 1, HOME)).isEqualTo(3);
    assertThat(lists.find(3, 1, HOME)).isEqualTo(3);
    assertThat(lists.find(4, 1, HOME)).isEqualTo(1);
    assertThat(lists.find(6, 1, HOME)).isEqualTo(NONE);
    assertThat(lists.largestFreeOrder()).isEqualTo(5);
    assertThat(lists.freePages()).isEqualTo(832);
  }

  @Test
  void unitsWithFewerPagesThanMayWaitAreLeftAloneIfOthersServe() {
    place(1, 2, 10);
    place(2, 2, 40);
    place(3, 4, 60);
    assertThat(lists.find(2, 1, HOME)).isEqualTo(1);
    assertThat(lists.find(2, 16, HOME)).isEqualTo(1);
    assertThat(lists.find(2, 32, HOME)).isEqualTo(2);
    assertThat(lists.find(2, 64, HOME)).isEqualTo(3);
    place(3, 4, 50);
    assertThat(lists.find(2, 64, HOME)).isEqualTo(1);
    lists.remove(3);
    assertThat(lists.find(3, 1, HOME)).isEqualTo(NONE);
  }

  @Test
  void unitsInUseStandApart() {
    place(1, 3, 20);
    place(2, 5, 200);
    lists.use(1, HOME);
    assertThat(lists.find(0, 1, HOME)).isEqualTo(2);
    assertThat(lists.findInUse(3)).isEqualTo(1);
    assertThat(lists.findInUse(4)).isEqualTo(NONE);
    lists.use(2, HOME);
    assertThat(lists.find(0, 1, HOME)).isEqualTo(NONE);
    assertThat(lists.largestFreeOrder()).isEqualTo(NONE);
    assertThat(lists.findInUse(0)).isEqualTo(1);
    assertThat(lists.findInUse(4)).isEqualTo(2);
    assertThat(lists.freePages()).isEqualTo(220);
    place(2, 5, 200);
    assertThat(lists.find(0, 1, HOME)).isEqualTo(2);
  }

  @Test
  void unitsOfTheOwnHomeComeFirst() {
    place(1, 0, 400);
    place(2, 3, 100);
    lists.use(2, 1);
    place(2, 3, 100);
    assertThat(lists.find(0, 1, 0)).isEqualTo(1);
    assertThat(lists.find(0, 1, 1)).isEqualTo(2);
    assertThat(lists.find(0, 1, 2)).isEqualTo(1);
    assertThat(lists.find(0, 1, DensityLists.ANYWHERE)).isEqualTo(1);
    assertThat(lists.find(3, 1, 0)).isEqualTo(2);
  }

  @Test
  void aUnitInNoListStaysThere() {
    lists.use(7, HOME);
    place(8, NONE, 0);
    lists.remove(9);
    assertThat(lists.find(0, 1, HOME)).isEqualTo(NONE);
    assertThat(lists.findInUse(0)).isEqualTo(NONE);
    assertThat(lists.digest()).isEqualTo(new DensityLists(64).digest());
  }

  @Test
  void standingForMoreIsRightAndForLessWrong() {
    place(1, 3, 20);
    assertThatCode(() -> lists.validate(1, profile(3, 20), false)).doesNotThrowAnyException();
    assertThatCode(() -> lists.validate(1, profile(2, 4), false)).doesNotThrowAnyException();
    assertThatThrownBy(() -> lists.validate(1, profile(4, 20), false))
        .hasMessageContaining("stands for less than it has; unit [1");
    assertThatThrownBy(() -> lists.validate(2, profile(0, 1), false))
        .hasMessageContaining("stands for less than it has; unit [2");
    assertThatThrownBy(() -> lists.validate(1, profile(3, 20), true))
        .hasMessageContaining("use is unknown; unit [1]");
    lists.use(1, HOME);
    assertThatCode(() -> lists.validate(1, profile(3, 20), true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> lists.validate(1, profile(3, 20), false))
        .hasMessageContaining("use is unknown; unit [1]");
  }

  @Test
  void brokenLinksAndMarksAreSeen() {
    place(1, 3, 20);
    place(2, 3, 20);
    PrivateParts.named(lists, "next", short[].class)[2] = 3;
    assertThatThrownBy(() -> lists.validate(1, profile(3, 20), false))
        .hasMessageContaining("links of a unit disagree; unit [1]");
    place(4, 1, 20);
    HomeLists home = PrivateParts.only(lists, HomeLists[].class)[HOME];
    PrivateParts.named(home, "steps", long[].class)[1] = 0;
    assertThatThrownBy(() -> lists.validate(4, profile(1, 20), false))
        .hasMessageContaining("a list is not marked; list [66]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 17, 512})
  void besideASort(int units) {
    SplittableRandom random = new SplittableRandom(units);
    DensityLists sorted = new DensityLists(units);
    long fresh = sorted.digest();
    Known[] known = new Known[units];
    for (int unit = 0; unit < units; unit++) {
      known[unit] = Known.NOWHERE;
    }
    for (int step = 0; step < 1_500; step++) {
      int unit = random.nextInt(units);
      known[unit] = move(sorted, unit, known[unit], random);
      sorted.validate(unit, profile(known[unit].order, known[unit].pages), known[unit].inUse);
      assertAgree(sorted, List.of(known), 1 << random.nextInt(10));
    }
    for (int unit = 0; unit < units; unit++) {
      sorted.remove(unit);
    }
    assertThat(sorted.digest()).isEqualTo(fresh);
    assertThat(sorted.freePages()).isZero();
    assertThat(sorted.largestFreeOrder()).isEqualTo(NONE);
  }

  private static Known move(DensityLists lists, int unit, Known known, SplittableRandom random) {
    int choice = random.nextInt(6);
    if (choice == 0) {
      lists.remove(unit);
      return new Known(NONE, 0, false, known.home);
    }
    if (choice == 1) {
      int home = random.nextInt(3);
      lists.use(unit, home);
      return new Known(known.order, known.pages, known.order != NONE, home);
    }
    int order = random.nextInt(NONE, 10);
    boolean inUse = random.nextInt(4) == 0 && order != NONE;
    int pages = order == NONE ? 0 : random.nextInt(1 << order, 513);
    lists.place(unit, profile(order, pages), inUse);
    return new Known(order, pages, inUse, known.home);
  }

  private static void assertAgree(DensityLists lists, List<Known> units, int patience) {
    assertThat(lists.freePages()).isEqualTo(units.stream().mapToInt(Known::pages).sum());
    assertThat(lists.largestFreeOrder())
        .isEqualTo(
            units.stream().filter(unit -> !unit.inUse).mapToInt(Known::order).max().orElse(NONE));
    for (int order = 0; order < 10; order++) {
      int least = order;
      Optional<Known> anywhere = best(units, least, patience, unit -> true);
      assertSame(lists.find(order, patience, DensityLists.ANYWHERE), units, anywhere);
      for (int home = 0; home < 4; home++) {
        int ofHome = home;
        Optional<Known> own = best(units, least, patience, unit -> unit.home == ofHome);
        int found = lists.find(order, patience, home);
        assertSame(found, units, own.or(() -> anywhere));
        own.ifPresent(unit -> assertThat(units.get(found).home).isEqualTo(ofHome));
      }
      int inUse = lists.findInUse(order);
      assertThat(inUse != NONE)
          .isEqualTo(units.stream().anyMatch(unit -> unit.order >= least && unit.inUse));
      if (inUse != NONE) {
        assertThat(units.get(inUse).inUse).isTrue();
        assertThat(units.get(inUse).order).isGreaterThanOrEqualTo(order);
      }
    }
    assertMembers(lists, units);
  }

  private static void assertMembers(DensityLists lists, List<Known> units) {
    for (int unit = 0; unit < units.size(); unit++) {
      int word = ReturnedUnits.wordOf(unit);
      for (int home = 0; home < 4; home++) {
        boolean member = (lists.members(home, word) & ReturnedUnits.bitOf(unit)) != 0;
        assertThat(member).isEqualTo(units.get(unit).home == home);
      }
    }
    for (int home = DensityLists.ANYWHERE; home < 4; home++) {
      assertThat(lists.members(home, 0) & 1).as("whole units belong to all").isEqualTo(1);
    }
  }

  private static Optional<Known> best(
      List<Known> units, int order, int patience, Predicate<Known> among) {
    Predicate<Known> serves = among.and(unit -> unit.order >= order && !unit.inUse);
    Optional<Known> roomy = first(units, serves.and(unit -> unit.step() >= (patience - 1) / 8));
    return roomy.or(() -> first(units, serves));
  }

  private static Optional<Known> first(List<Known> units, Predicate<Known> filter) {
    return units.stream()
        .filter(filter)
        .min(Comparator.comparingInt(Known::order).thenComparingInt(Known::step));
  }

  /** Of units that are equally good any will do. */
  private static void assertSame(int found, List<Known> units, Optional<Known> expected) {
    assertThat(found == NONE).isEqualTo(expected.isEmpty());
    if (expected.isPresent()) {
      Known unit = units.get(found);
      assertThat(IntStream.of(unit.order, unit.step()).boxed())
          .containsExactly(expected.get().order, expected.get().step());
      assertThat(unit.inUse).isFalse();
    }
  }
}
