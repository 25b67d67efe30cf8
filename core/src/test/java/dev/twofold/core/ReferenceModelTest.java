package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twofold.core.ModelRun.Pages;
import dev.twofold.core.RandomOperations.Kind;
import dev.twofold.core.RandomOperations.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The allocator beside the reference model under random operations and misuse. */
class ReferenceModelTest {

  private static final int OPERATIONS = 3_000;

  /** Regions, the largest order worth asking for, and how many operations are played. */
  record Ground(String name, int largestOrder, int operations, List<Pages> regions) {

    List<Operation> operations(long seed) {
      return RandomOperations.draw(seed, operations, largestOrder);
    }

    boolean fails(List<Operation> operations) {
      try {
        new ModelRun(regions).play(operations);
        return false;
      } catch (AssertionError | RuntimeException e) {
        return true;
      }
    }
  }

  static Stream<Ground> grounds() {
    return Stream.of(
        ground("one page", 1, pages(3, 1)),
        ground("a power of two", 9, pages(512, 512)),
        ground("odd", 8, pages(5, 617)),
        ground("primes", 7, pages(3, 127), pages(131, 1), pages(139, 61), pages(1009, 211)),
        ground("adjacent", 6, pages(0, 64), pages(64, 64), pages(128, 32), pages(160, 7)),
        ground("single pages", 1, pages(0, 1), pages(1, 1), pages(2, 1), pages(5, 1), pages(9, 2)),
        new Ground(
            "across trees",
            17,
            OPERATIONS / 10,
            List.of(pages((1 << 18) - 77, 190), pages(3 << 18, 1 << 18))),
        new Ground(
            "at borders",
            7,
            OPERATIONS / 3,
            List.of(
                pages((1 << 18) - 77, 190), pages((2 << 18) - 9, 20), pages((3 << 18) - 63, 127))));
  }

  private static Ground ground(String name, int largestOrder, Pages... regions) {
    return new Ground(name, largestOrder, OPERATIONS, List.of(regions));
  }

  private static Pages pages(long firstPage, long pageCount) {
    return new Pages(firstPage, pageCount);
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void fixedSeeds(Ground ground) {
    for (long seed : new long[] {1, 2, 3, 0x5EED}) {
      play(ground, seed);
    }
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void freshSeed(Ground ground) {
    long seed = System.nanoTime();
    System.out.println("ReferenceModelTest.freshSeed " + ground.name() + ", seed " + seed);
    play(ground, seed);
  }

  private static void play(Ground ground, long seed) {
    List<Operation> operations = ground.operations(seed);
    try {
      new ModelRun(ground.regions).play(operations);
    } catch (AssertionError | RuntimeException e) {
      List<Operation> shortest = RandomOperations.shrink(operations, ground::fails);
      throw new AssertionError(
          "%s fails with seed %d: %s%nshortest failing operations: %s"
              .formatted(ground.name(), seed, e.getMessage(), shortest),
          e);
    }
  }

  @Test
  void failingOperationsShrinkToThoseThatMatter() {
    List<Operation> operations = RandomOperations.draw(11, 1_000, 5);
    List<Operation> matter =
        Stream.of(operations.get(17), operations.get(400), operations.get(999)).toList();
    assertThat(RandomOperations.shrink(operations, rest -> rest.containsAll(matter)))
        .isEqualTo(matter);
  }

  @Test
  void sameSeedSameOperationsOfEveryKind() {
    List<Operation> operations = RandomOperations.draw(5, 1_000, 5);
    assertThat(RandomOperations.draw(5, 1_000, 5)).isEqualTo(operations);
    assertThat(operations).extracting(Operation::kind).contains(Kind.values());
  }

  @Test
  void modelComplainsOfWhatMustNotBe() {
    ReferenceModel model = new ReferenceModel();
    model.addRegion(2, 7);
    model.addRegion(9, 3);
    assertThat(model.freeBlocks().subList(0, 4)).containsExactly(2L, 2L, 1L, 0L);
    assertThatCode(() -> model.allocated(4, 2)).doesNotThrowAnyException();
    assertThatThrownBy(() -> model.allocated(3, 1)).hasMessageContaining("misaligned");
    assertThatThrownBy(() -> model.allocated(6, 1)).hasMessageContaining("not free");
    assertThatThrownBy(() -> model.allocated(8, 1)).hasMessageContaining("not free");
    assertThatThrownBy(() -> model.allocated(12, 0)).hasMessageContaining("not free");
    assertThatThrownBy(() -> model.freed(5)).hasMessageContaining("not live");
    assertThat(model.serves(2)).isFalse();
    model.freed(4);
    assertThat(model.serves(2)).isTrue();
    assertThat(model.freeBlocks().subList(0, 4)).containsExactly(2L, 2L, 1L, 0L);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void runsOfTheModelGrowTogetherOnlyWithinARegion(int offset) {
    ReferenceModel model = new ReferenceModel();
    model.addRegion(offset, 8 - offset);
    model.addRegion(8, 8);
    for (int page = offset; page < 16; page++) {
      model.allocated(page, 0);
    }
    assertThat(model.freeBlocks()).containsOnly(0L);
    for (int page = 15; page >= offset; page--) {
      model.freed(page);
    }
    assertThat(model.freeBlocks().get(3)).isEqualTo(offset == 0 ? 2 : 1);
  }
}
