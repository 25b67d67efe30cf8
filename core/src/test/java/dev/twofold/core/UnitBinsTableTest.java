package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which unit comes first: the policy by examples, and under random moves beside a sort of all
 * units.
 */
class UnitBinsTableTest {

  private static final int NONE = UnitBins.NONE;
  private static final int HOME = 0;

  /** What the bins know of a unit. */
  private record Known(int unit, int order, int pages, boolean scant, boolean inUse, int home) {

    static Known nowhere(int unit, int home) {
      return new Known(unit, NONE, 0, false, false, home);
    }
  }

  private final UnitBins bins = new UnitBins(64);

  /** Returns a profile of that many free pages whose largest free block is of that order. */
  private static int profile(int order, int pages) {
    return order == NONE ? UnitProfile.NOTHING : UnitProfile.of(0, order, pages);
  }

  private void place(int unit, int order, int pages) {
    bins.place(unit, profile(order, pages), false, 1);
  }

  @Test
  void smallestLargestBlockBeforeFirstAddress() {
    place(1, 5, 32);
    place(2, 3, 300);
    place(3, 3, 100);
    place(4, 0, 400);
    assertThat(bins.find(0, HOME)).isEqualTo(4);
    assertThat(bins.find(1, HOME)).isEqualTo(2);
    assertThat(bins.find(3, HOME)).isEqualTo(2);
    assertThat(bins.find(4, HOME)).isEqualTo(1);
    assertThat(bins.find(6, HOME)).isEqualTo(NONE);
    assertThat(bins.largestFreeOrder()).isEqualTo(5);
    assertThat(bins.freePages()).isEqualTo(832);
  }

  @Test
  void unitsThatAreNotWorthwhileAreLeftAloneIfOthersServe() {
    bins.place(1, profile(2, 10), false, 16);
    bins.place(2, profile(2, 16), false, 16);
    bins.place(3, profile(4, 60), false, 64);
    bins.place(4, profile(4, 60), false, 32);
    assertThat(bins.find(2, HOME)).isEqualTo(2);
    assertThat(bins.find(3, HOME)).isEqualTo(4);
    bins.remove(2);
    assertThat(bins.find(2, HOME)).isEqualTo(4);
    bins.remove(4);
    assertThat(bins.find(2, HOME)).isEqualTo(1);
    assertThat(bins.find(3, HOME)).isEqualTo(3);
    bins.remove(3);
    assertThat(bins.find(3, HOME)).isEqualTo(NONE);
  }

  @Test
  void unitsInUseStandApart() {
    place(1, 3, 20);
    place(2, 5, 200);
    bins.use(1, HOME);
    assertThat(bins.find(0, HOME)).isEqualTo(2);
    assertThat(bins.findInUse(3)).isEqualTo(1);
    assertThat(bins.findInUse(4)).isEqualTo(NONE);
    bins.use(2, HOME);
    assertThat(bins.find(0, HOME)).isEqualTo(NONE);
    assertThat(bins.largestFreeOrder()).isEqualTo(NONE);
    assertThat(bins.findInUse(0)).isEqualTo(1);
    assertThat(bins.findInUse(4)).isEqualTo(2);
    assertThat(bins.freePages()).isEqualTo(220);
    place(2, 5, 200);
    assertThat(bins.find(0, HOME)).isEqualTo(2);
  }

  @Test
  void unitsOfTheOwnHomeComeFirst() {
    place(1, 0, 400);
    place(2, 3, 100);
    bins.use(2, 1);
    place(2, 3, 100);
    assertThat(bins.find(0, 0)).isEqualTo(1);
    assertThat(bins.find(0, 1)).isEqualTo(2);
    assertThat(bins.find(0, 2)).isEqualTo(1);
    assertThat(bins.find(0, UnitBins.ANYWHERE)).isEqualTo(1);
    assertThat(bins.find(3, 0)).isEqualTo(2);
  }

  @Test
  void aUnitInNoBinStaysThere() {
    bins.use(7, HOME);
    place(8, NONE, 0);
    bins.remove(9);
    assertThat(bins.find(0, HOME)).isEqualTo(NONE);
    assertThat(bins.findInUse(0)).isEqualTo(NONE);
    assertThat(bins.digest()).isEqualTo(new UnitBins(64).digest());
  }

  @Test
  void standingForMoreIsRightAndForLessWrong() {
    place(1, 3, 20);
    assertThatCode(() -> bins.validate(1, profile(3, 20), false)).doesNotThrowAnyException();
    assertThatCode(() -> bins.validate(1, profile(2, 4), false)).doesNotThrowAnyException();
    assertThatThrownBy(() -> bins.validate(1, profile(4, 20), false))
        .hasMessageContaining("stands for less than it has; unit [1");
    assertThatThrownBy(() -> bins.validate(2, profile(0, 1), false))
        .hasMessageContaining("stands for less than it has; unit [2");
    assertThatThrownBy(() -> bins.validate(1, profile(3, 20), true))
        .hasMessageContaining("use is unknown; unit [1]");
    bins.use(1, HOME);
    assertThatCode(() -> bins.validate(1, profile(3, 20), true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> bins.validate(1, profile(3, 20), false))
        .hasMessageContaining("use is unknown; unit [1]");
  }

  @Test
  void aUnitThatIsNotInItsBinIsSeen() {
    place(1, 3, 20);
    HomeBins home = PrivateParts.only(bins, HomeBins[].class)[HOME];
    int bin = HomeBins.bin(HomeBins.ROOMY, 3);
    home.remove(bin, 1);
    assertThatThrownBy(() -> bins.validate(1, profile(3, 20), false))
        .hasMessageContaining("a unit is not in its bin; unit [1]");
    home.add(bin, 1);
    assertThatCode(() -> bins.validate(1, profile(3, 20), false)).doesNotThrowAnyException();
    PrivateParts.named(home, "filled", byte[].class)[bin] = 0;
    assertThatThrownBy(() -> bins.validate(1, profile(3, 20), false))
        .hasMessageContaining("a unit is not in its bin; unit [1]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 17, 512})
  void besideASort(int units) {
    SplittableRandom random = new SplittableRandom(units);
    UnitBins sorted = new UnitBins(units);
    long fresh = sorted.digest();
    Known[] known = new Known[units];
    Arrays.setAll(known, unit -> Known.nowhere(unit, HOME));
    for (int step = 0; step < 1_500; step++) {
      int unit = random.nextInt(units);
      known[unit] = move(sorted, known[unit], random);
      sorted.validate(unit, profile(known[unit].order, known[unit].pages), known[unit].inUse);
      assertAgree(sorted, List.of(known));
    }
    for (int unit = 0; unit < units; unit++) {
      sorted.remove(unit);
    }
    assertThat(sorted.digest()).isEqualTo(fresh);
    assertThat(sorted.freePages()).isZero();
    assertThat(sorted.largestFreeOrder()).isEqualTo(NONE);
  }

  private static Known move(UnitBins bins, Known known, SplittableRandom random) {
    int unit = known.unit;
    int choice = random.nextInt(6);
    if (choice == 0) {
      bins.remove(unit);
      return Known.nowhere(unit, known.home);
    }
    if (choice == 1) {
      int home = random.nextInt(3);
      bins.use(unit, home);
      boolean inUse = known.order != NONE;
      return new Known(unit, known.order, known.pages, known.scant, inUse, home);
    }
    int order = random.nextInt(NONE, 10);
    boolean inUse = random.nextInt(4) == 0 && order != NONE;
    int pages = order == NONE ? 0 : random.nextInt(1 << order, 513);
    int worthwhile = 1 << random.nextInt(10);
    bins.place(unit, profile(order, pages), inUse, worthwhile);
    return new Known(unit, order, pages, pages < worthwhile, inUse, known.home);
  }

  private static void assertAgree(UnitBins bins, List<Known> units) {
    assertThat(bins.freePages()).isEqualTo(units.stream().mapToInt(Known::pages).sum());
    assertThat(bins.largestFreeOrder())
        .isEqualTo(
            units.stream().filter(unit -> !unit.inUse).mapToInt(Known::order).max().orElse(NONE));
    for (int order = 0; order < 10; order++) {
      int least = order;
      Predicate<Known> unused = unit -> unit.order >= least && !unit.inUse;
      int anywhere = first(units, unused);
      assertThat(bins.find(order, UnitBins.ANYWHERE)).isEqualTo(anywhere);
      for (int home = 0; home < 4; home++) {
        int ofHome = home;
        int own = first(units, unused.and(unit -> unit.home == ofHome));
        assertThat(bins.find(order, home)).isEqualTo(own == NONE ? anywhere : own);
      }
      Predicate<Known> used = unit -> unit.order >= least && unit.inUse;
      assertThat(bins.findInUse(order)).isEqualTo(first(units, used));
    }
    assertMembers(bins, units);
  }

  private static int first(List<Known> units, Predicate<Known> filter) {
    return units.stream()
        .filter(filter)
        .min(
            Comparator.comparing((Known unit) -> unit.scant && !unit.inUse)
                .thenComparingInt(Known::order)
                .thenComparingInt(Known::unit))
        .map(Known::unit)
        .orElse(NONE);
  }

  private static void assertMembers(UnitBins bins, List<Known> units) {
    for (int unit = 0; unit < units.size(); unit++) {
      int word = ReturnedUnits.wordOf(unit);
      for (int home = 0; home < 4; home++) {
        boolean member = (bins.members(home, word) & ReturnedUnits.bitOf(unit)) != 0;
        assertThat(member).isEqualTo(units.get(unit).home == home);
      }
    }
    for (int home = UnitBins.ANYWHERE; home < 4; home++) {
      assertThat(bins.members(home, 0) & 1).as("whole units belong to all").isEqualTo(1);
    }
  }
}
