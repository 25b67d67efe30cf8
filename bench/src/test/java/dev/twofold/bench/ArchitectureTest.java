package dev.twofold.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The rules of the house that bytecode can tell. */
class ArchitectureTest {

  private static final String CORE = "dev.twofold.core..";
  private static final JavaClasses TYPES =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  /** Nested types count as their outermost one. */
  private static final SliceAssignment OUTERMOST_TYPES =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return type.getPackageName().contains("jmh_generated")
              ? SliceIdentifier.ignore() // What JMH generates is its own business.
              : SliceIdentifier.of(outermost(type).getName());
        }

        @Override
        public String getDescription() {
          return "outermost types";
        }

        private static JavaClass outermost(JavaClass type) {
          return type.getEnclosingClass().map(outer -> outermost(outer)).orElse(type);
        }
      };

  @Test
  void noCircleBetweenTypes() {
    slices().assignedFrom(OUTERMOST_TYPES).should().beFreeOfCycles().check(TYPES);
  }

  @Test
  void resultsAreReadWithoutWhatMeasures() {
    noClasses()
        .that()
        .resideInAPackage("dev.twofold.bench.results")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.twofold.bench", CORE, "org.openjdk.jmh..")
        .check(TYPES);
  }

  @Test
  void usesCoreByItsPublicDoorOnly() {
    noClasses()
        .should()
        .resideInAPackage(CORE)
        .orShould()
        .dependOnClassesThat(
            resideInAPackage(CORE)
                .and(
                    not(resideInAPackage("dev.twofold.core"))
                        .or(not(modifier(JavaModifier.PUBLIC)))))
        .check(TYPES);
  }
}
