package dev.twofold.stress;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random scenarios of a few operations, each of which must have taken effect at one moment between
 * its call and its return. Lincheck finds the interleavings, by model checking or by threads that
 * race; a failure prints the scenario and, from the model checker, the interleaving.
 */
class LinearizabilityTest {

  /** Loops that lay out a tree are longer than what Lincheck takes for a livelock otherwise. */
  private static final int LONGEST_LOOP = 10_000;

  /**
   * What Lincheck need not look into: pure functions, sets that a lock guards, and slots, whose
   * races are between hints. Else most switches of threads would be spent there.
   */
  private static final Set<String> OPAQUE =
      Stream.of(
              "AddressMap",
              "BuddyWord",
              "CommonSlots",
              "Cursor",
              "UnitBins",
              "GroupHomes",
              "HomeBins",
              "Orders",
              "Patience",
              "SharedSlots",
              "Slot",
              "Tiers",
              "TreeLayout",
              "UnitProfile",
              "UnitWord",
              "WholeProfile")
          .map(type -> "dev.twofold.core." + type)
          .collect(Collectors.toUnmodifiableSet());

  private static final boolean LONG = Boolean.getBoolean("twofold.stress.long");

  /** The models, each with its specification. */
  enum Model {
    PAGES(PagesModel.class, PagesModel.Specification.class),
    HALVES_OF_WORD(HalvesModel.OfWord.class, HalvesModel.Specification.class),
    HALVES_OF_PAGES(HalvesModel.OfPages.class, HalvesModel.Specification.class),
    HALVES_OF_UNIT(HalvesModel.OfUnit.class, HalvesModel.Specification.class),
    FREES(FreesModel.class, FreesModel.Specification.class),
    RUNS(RunsModel.class, RunsModel.Specification.class);

    private final Class<?> model;
    private final Class<?> specification;

    Model(Class<?> model, Class<?> specification) {
      this.model = model;
      this.specification = specification;
    }

    void check(Options<?, ?> options, int iterations, int invocations) {
      options
          .threads(2)
          .actorsBefore(3)
          .actorsPerThread(3)
          .actorsAfter(2)
          .iterations(iterations)
          .invocationsPerIteration(invocations)
          .sequentialSpecification(specification)
          .check(model);
    }
  }

  @ParameterizedTest
  @EnumSource
  void checkedInterleavingsAreLinearizable(Model model) {
    ModelCheckingOptions options =
        new ModelCheckingOptions()
            .loopBound(LONGEST_LOOP)
            .addGuarantee(forClasses(OPAQUE::contains).allMethods().ignore())
            .addGuarantee(forClasses("java.lang.String").methods("formatted").ignore());
    model.check(options, LONG ? 100 : 2, LONG ? 5_000 : 50);
  }

  @ParameterizedTest
  @EnumSource
  void racesAreLinearizable(Model model) {
    model.check(new StressOptions(), LONG ? 100 : 3, LONG ? 10_000 : 100);
  }
}
