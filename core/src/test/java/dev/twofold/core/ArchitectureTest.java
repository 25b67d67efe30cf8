package dev.twofold.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rules of the house that bytecode can tell. */
class ArchitectureTest {

  private static final String PACKAGE = "dev.twofold.core";
  private static final JavaClasses CORE =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void noCircleBetweenTypes() {
    Map<String, Set<String>> uses = uses();
    Set<String> inCircles = new TreeSet<>();
    for (String type : uses.keySet()) {
      if (reachable(type, uses).contains(type)) {
        inCircles.add(type);
      }
    }
    assertThat(inCircles).as("types that can be reached from themselves").isEmpty();
  }

  @Test
  void circlesAreSeen() {
    Map<String, Set<String>> uses =
        Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b"), "d", Set.of("a"));
    assertThat(reachable("b", uses)).contains("b");
    assertThat(reachable("a", uses)).doesNotContain("a");
    assertThat(uses()).hasSizeGreaterThan(10);
    assertThat(uses().get("BuddyAllocator")).contains("TreeArray", "RegionSet");
  }

  /** Which type uses which others directly; nested types count as their outermost one. */
  private static Map<String, Set<String>> uses() {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass type : CORE) {
      Set<String> targets = uses.computeIfAbsent(outermost(type), name -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().equals(PACKAGE))
          .map(ArchitectureTest::outermost)
          .filter(target -> !target.equals(outermost(type)))
          .forEach(targets::add);
    }
    return uses;
  }

  private static String outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type.getSimpleName());
  }

  private static Set<String> reachable(String from, Map<String, Set<String>> uses) {
    Set<String> reached = new TreeSet<>();
    Deque<String> ahead = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
    while (!ahead.isEmpty()) {
      String type = ahead.remove();
      if (reached.add(type)) {
        ahead.addAll(uses.getOrDefault(type, Set.of()));
      }
    }
    return reached;
  }

  @Test
  void fewTypesArePublic() {
    Set<String> publicTypes =
        CORE.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getSimpleName)
            .collect(toCollection(TreeSet::new));
    assertThat(publicTypes)
        .contains("BuddyAllocator", "Region")
        .isSubsetOf(
            "AllocatorStats",
            "AnonymousOptions",
            "AnonymousRegion",
            "BuddyAllocator",
            "Builder",
            "MemoryStats",
            "OutOfPagesException",
            "PageBatches",
            "PageRequest",
            "PageRuns",
            "Region",
            "RegionSet",
            "RegionStats",
            "Regions",
            "Wish",
            "ZeroedAllocator");
  }

  @Test
  void dependsOnTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            PACKAGE, "java.io..", "java.lang..", "java.nio..", "java.time..", "java.util..")
        .check(CORE);
  }

  @Test
  void noStaticStateThatChanges() {
    fields().that().areStatic().should().beFinal().check(CORE);
  }

  @Test
  void nativeCallsInOnePlace() {
    noClasses()
        .that()
        .haveNameNotMatching(PACKAGE + "\\.SystemMemory(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup|FunctionDescriptor).*")
        .check(CORE);
  }

  @Test
  void memoryOrderIsSpokenInFewPlaces() {
    noClasses()
        .that()
        .haveNameNotMatching(PACKAGE + "\\.(Words|KnownBlock|Slot|TreeWords)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.invoke\\.VarHandle.*")
        .check(CORE);
    noClasses()
        .that()
        .haveNameNotMatching(
            PACKAGE
                + "\\.(TreeLock|UnitKeeping|Units|UnitUses|LockedTree|TreeParts|Patience|LargestOrderIndex|RunIndex|SharedSlots|CommonSlots)")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.util\\.concurrent\\..*(Lock|Atomic).*")
        .check(CORE);
    noClasses()
        .that()
        .haveNameNotMatching(
            PACKAGE
                + "\\.(TreeLock|UnitKeeping|Units|UnitUses|LockedTree|TreeParts|Patience|LargestOrderIndex|RunIndex"
                + "|SharedSlots|CommonSlots|Requests|RegionSet|RegionTrees)")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent..")
        .check(CORE);
    fields()
        .that()
        .areDeclaredInClassesThat()
        .haveNameNotMatching(
            PACKAGE
                + "\\.(Engine|Slot|TreeParts|UnitKeeping|TreeArray|TreeWords|WantedTrees|StandbyTrees"
                + "|LargestOrderIndex|RunIndex)")
        .should()
        .notHaveModifier(JavaModifier.VOLATILE)
        .check(CORE);
  }
}
