package dev.twofold.core;

import static dev.twofold.core.RecordingRegion.UNIT_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Loads that go up and down between two levels within the decay time: what they use at their
 * highest is not given back, by a clock that the tests move themselves.
 */
class SteadyLoadScenarioTest {

  private static final int UNIT = Tiers.UNIT_ORDER;
  private static final long DECAY = 1_000;

  private BuddyAllocator allocator = Fixtures.allocator(RecordingRegion.ofUnits(64));
  private GiveBack giveBack = PrivateParts.only(allocator, GiveBack.class);
  private List<Long> held = new ArrayList<>();
  private SplittableRandom random = new SplittableRandom(1);
  private long now;

  /** Begins with a larger region. */
  private RecordingRegion useUnits(int count) {
    allocator.close();
    RecordingRegion region = RecordingRegion.ofUnits(count);
    allocator = Fixtures.allocator(region);
    giveBack = PrivateParts.only(allocator, GiveBack.class);
    return region;
  }

  @AfterEach
  void nothingIsKept() {
    Fixtures.freeAll(allocator, held);
    look(1);
    look(DECAY);
    assertThat(allocator.stats().memory().committedBytes()).as("nothing is used").isZero();
    allocator.validate();
    allocator.close();
  }

  private void look(long later) {
    now += later;
    giveBack.giveBack(now, now - DECAY);
  }

  private void grow(int blocks, int order) {
    while (held.size() < blocks) {
      held.add(allocator.allocatePages(order));
    }
  }

  private void shrink(int blocks) {
    while (held.size() > blocks) {
      int last = held.size() - 1;
      allocator.freePages(held.set(random.nextInt(held.size()), held.get(last)));
      held.remove(last);
    }
  }

  private void replace(int times, int order) {
    for (int time = 0; time < times; time++) {
      int place = random.nextInt(held.size());
      allocator.freePages(held.get(place));
      held.set(place, allocator.allocatePages(order));
    }
  }

  private void assertNothingWasNeededAgain() {
    MemoryStats memory = allocator.stats().memory();
    assertThat(memory.decommittedBytesSoFar())
        .as("given back and needed again")
        .isEqualTo(memory.decommittedBytes());
  }

  /**
   * What is used at the highest level stays; what only one higher turn before used goes, once. Of
   * whole units new ones are used besides, as they come from the smallest free block at first.
   */
  @ParameterizedTest
  @CsvSource({"0, 20", "4, 20", "6, 20", "7, 20", "8, 20", "9, 24", "10, 24"})
  void whatIsUsedAtTheHighestLevelStays(int order, int mostUnits) {
    double perUnit = Math.scalb(1.0, UNIT - order);
    grow((int) (60 * perUnit), order);
    for (int turn = 0; turn < 40; turn++) {
      shrink((int) (10 * perUnit));
      look(DECAY / 5);
      grow((int) (40 * perUnit), order);
      look(DECAY / 5);
    }
    assertNothingWasNeededAgain();
    assertThat(allocator.stats().memory().decommits()).isBetween(1L, 30L);
    assertThat(allocator.stats().memory().decommittedBytes())
        .isBetween(10 * UNIT_BYTES, mostUnits * UNIT_BYTES);
  }

  /**
   * The highest level is not the same each time: it goes without a unit or two for longer than the
   * decay time, and needs them again. So a 64th of what is needed stays.
   */
  @Test
  void whatALevelThatVariesGoesWithoutForSomeTimeStays() {
    RecordingRegion region = useUnits(512);
    for (int turn = 0; turn < 100; turn++) {
      int high = turn == 0 ? 256 : 254 + random.nextInt(3);
      grow(high * 32, 4);
      look(DECAY / 5);
      shrink(128 * 32);
      look(DECAY / 5);
    }
    assertThat(region.calls()).isEmpty();
  }

  @Test
  void whatStaysIsOfTheTreeThatIsUsedMost() {
    RecordingRegion region = useUnits(1024);
    grow(1024, UNIT);
    held.sort(null);
    List<Long> freed = new ArrayList<>(held.subList(10, 512));
    freed.addAll(held.subList(900, 940));
    held.removeAll(freed);
    Fixtures.freeAll(allocator, freed);
    look(1);
    look(DECAY);
    assertThat(region.calls().stream().mapToInt(SteadyLoadScenarioTest::unitsOfTree1).sum())
        .as("a 64th of 482 stays")
        .isEqualTo(40 - 482 / 64);
    assertThat(allocator.stats().memory().committedBytes()).isEqualTo((482 + 7) * UNIT_BYTES);
  }

  /** Returns how many units of the second tree a call, "first unit+count", gave back. */
  private static int unitsOfTree1(String call) {
    String[] parts = call.split("\\+", -1);
    return Integer.parseInt(parts[0]) < 512 ? 0 : Integer.parseInt(parts[1]);
  }

  /**
   * A load of several trees, which began with half as much again, replaces its blocks all the time:
   * what stays must lie in the trees that are used, in free blocks that are broken up first.
   */
  @ParameterizedTest
  @CsvSource({"2, 2", "4, 1", "5, 1", "6, 1", "7, 8", "8, 1"})
  void whatSomeTurnsGoWithoutStaysWhereItIsUsedFirst(int order, int seed) {
    useUnits(2048);
    random = new SplittableRandom(seed);
    int perGib = 1 << (18 - order);
    grow(3 * perGib, order);
    shrink(2 * perGib);
    for (int turn = 0; turn < 24; turn++) {
      shrink(perGib);
      replaceAndLook(order);
      grow(2 * perGib, order);
      replaceAndLook(order);
      look(DECAY / 8);
      look(DECAY / 8);
    }
    assertNothingWasNeededAgain();
    assertThat(allocator.stats().memory().decommittedBytes())
        .isBetween(480 * UNIT_BYTES, 500 * UNIT_BYTES);
  }

  /**
   * Blocks that stay for long lie in several trees, and what the lower level leaves free is in
   * other ones each time: it comes before what went back.
   */
  @ParameterizedTest
  @CsvSource({"6, 2", "8, 2", "9, 2", "10, 2", "14, 1", "14, 2", "10, 8", "12, 8"})
  void whatAnotherTreeHasComesBeforeWhatWentBack(int order, int trees) {
    useUnits(512 * trees);
    double perTree = Math.scalb(1.0, Tiers.UNIT_ORDER + 9 - order);
    grow((int) (0.75 * trees * perTree), order);
    for (int turn = 0; turn < 50; turn++) {
      shrink((int) (0.25 * trees * perTree));
      look(DECAY / 5);
      grow((int) (0.5 * trees * perTree), order);
      look(DECAY / 5);
    }
    assertNothingWasNeededAgain();
    assertThat(allocator.stats().memory().committedBytes())
        .as("what the higher level takes, and a 64th")
        .isBetween(256L * trees * UNIT_BYTES, 264L * trees * UNIT_BYTES);
  }

  /** As long as nothing went back, a tree that is exhausted is followed by the next one. */
  @Test
  void whereNothingWentBackNoOtherTreesAreAsked() {
    useUnits(1024);
    grow(400, UNIT);
    shrink(200);
    look(1);
    assertThat(PrivateParts.trees(allocator).standby().isEmpty()).isTrue();
    look(DECAY);
    assertThat(allocator.stats().memory().decommits()).isPositive();
    assertThat(PrivateParts.trees(allocator).standby().isEmpty()).isFalse();
    grow(400, UNIT);
    look(1);
    assertThat(PrivateParts.trees(allocator).standby().isEmpty()).as("all is used").isTrue();
  }

  private void replaceAndLook(int order) {
    for (int look = 0; look < 2; look++) {
      replace(175_000, order);
      look(DECAY / 16);
    }
  }
}
