package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twofold.core.AnonymousOptions.Wish;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of anonymous memory: what Linux says of the mapping, and what a refusal does. */
class AnonymousOptionsDoorTest {

  private static final AnonymousOptions NONE = AnonymousOptions.NONE;
  private static final Path NUMA_MAPS = Path.of("/proc/self/numa_maps");

  /** More than any pool of huge pages, and more than any machine's memory. */
  private static final long TOO_LARGE = 1L << 45;

  @BeforeAll
  static void needsLinux() {
    needs(ProcessMemory.isTold(), "Linux", "all tests of anonymous options");
  }

  private static void needs(boolean present, String what, String test) {
    if (!present) {
      System.out.printf("skipped for want of %s: %s%n", what, test);
    }
    assumeTrue(present);
  }

  @Test
  void nothingIsAskedForUnlessTheUserDoes() throws IOException {
    try (AnonymousRegion region = Regions.anonymous(4 * MIB)) {
      assertThat(region.granted()).isEqualTo(NONE);
      assertThat(region.refusals()).isEmpty();
      assertThat(ProcessMemory.flagsAt(region.address())).doesNotContain("hg", "lo", "ht");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"IF_POSSIBLE", "REQUIRED"})
  void adviceForTransparentHugePages(Wish wish, TestInfo test) throws IOException {
    boolean on = !LinuxFacts.OF_THIS_SYSTEM.transparentHugePagesAreOff();
    needs(on, "transparent huge pages", test.getDisplayName());
    AnonymousOptions options = NONE.withTransparentHugePages(wish);
    try (AnonymousRegion region = Regions.anonymous(4 * MIB + 5, options)) {
      assertThat(ProcessMemory.flagsAt(region.address())).contains("hg");
      assertThat(ProcessMemory.flagsAt(region.address() + 4 * MIB)).contains("hg");
      assertThat(region.address() % (4 * MIB)).isZero();
      assertThat(region.granted()).isEqualTo(options);
      assertThat(region.toString()).endsWith(", transparentHugePages]");
      assertThat(ProcessMemory.committedBytes(region.address(), 4 * MIB)).isZero();
    }
  }

  @Test
  void lockedMemoryIsCommittedAtOnce(TestInfo test) throws IOException {
    AnonymousOptions options = NONE.withLocked(Wish.IF_POSSIBLE);
    try (AnonymousRegion region = Regions.anonymous(MIB, options)) {
      needs(region.refusals().isEmpty(), "a limit of locked memory above 1 MiB", test(test));
      assertThat(region.granted()).isEqualTo(options);
      assertThat(region.toString()).endsWith(", locked]");
      assertThat(ProcessMemory.flagsAt(region.address())).contains("lo");
      assertThat(ProcessMemory.committedBytes(region.address(), MIB)).isEqualTo(MIB);
    }
  }

  private static String test(TestInfo test) {
    return test.getDisplayName();
  }

  @Test
  void moreThanIsAvailableIsNotLocked() throws IOException {
    assertThatThrownBy(() -> Regions.anonymous(TOO_LARGE, NONE.withLocked(Wish.REQUIRED)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageMatching(
            "locked is refused: 35184372088832 bytes cannot be locked, \\d+ are available; ask for"
                + " less; or ask for it IF_POSSIBLE");
    try (AnonymousRegion region = Regions.anonymous(TOO_LARGE, NONE.withLocked(Wish.IF_POSSIBLE))) {
      assertThat(region.granted()).isEqualTo(NONE);
      assertThat(region.refusals()).singleElement().asString().startsWith("locked is refused: ");
      assertThat(ProcessMemory.flagsAt(region.address())).doesNotContain("lo");
    }
  }

  @Test
  void lockThatIsRefusedHalfwayLeavesNothingLocked() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = SystemMemory.map(8 * MIB, 8 * MIB, arena);
      SystemMemory.unmap(memory.address() + 4 * MIB, 4 * MIB);
      assertThatThrownBy(() -> SystemMemory.lock(memory))
          .isInstanceOf(SystemMemory.RefusedException.class)
          .hasMessage("mlock, errno 12");
      assertThat(ProcessMemory.flagsAt(memory.address())).doesNotContain("lo");
    }
  }

  @Test
  void memoryIsBoundToTheNodeThereIs(TestInfo test) throws IOException {
    boolean told = Files.isReadable(NUMA_MAPS);
    needs(told, "a kernel that knows NUMA nodes", test(test));
    AnonymousOptions options = NONE.withNumaNode(0, Wish.IF_POSSIBLE);
    try (AnonymousRegion region = Regions.anonymous(4 * MIB, options)) {
      needs(region.refusals().isEmpty(), "leave to call mbind", test(test));
      assertThat(region.granted()).isEqualTo(options);
      assertThat(region.toString()).endsWith(", numaNode=0]");
      String start = "%x ".formatted(region.address());
      assertThat(Files.readAllLines(NUMA_MAPS))
          .filteredOn(line -> line.startsWith(start))
          .singleElement()
          .asString()
          .contains(" bind:0");
      region.memory().orElseThrow().fill((byte) 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 64, 1023})
  void nodeThatIsNotThere(int node) {
    needs(!hasNode(node), "a NUMA node less than " + node, "nodeThatIsNotThere");
    String refusal = "numaNode is refused: memory cannot be bound to node " + node;
    assertThatThrownBy(() -> Regions.anonymous(MIB, NONE.withNumaNode(node, Wish.REQUIRED)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith(refusal)
        .hasMessageContaining("/sys/devices/system/node/online lists the nodes");
    AnonymousOptions dispensable = NONE.withNumaNode(node, Wish.IF_POSSIBLE);
    try (AnonymousRegion region = Regions.anonymous(MIB, dispensable)) {
      assertThat(region.granted()).isEqualTo(NONE);
      assertThat(region.refusals()).singleElement().asString().startsWith(refusal);
      assertThat(region.toString()).contains(refusal);
      region.memory().orElseThrow().fill((byte) 1);
    }
  }

  private static boolean hasNode(int node) {
    return Files.exists(Path.of("/sys/devices/system/node/node" + node));
  }

  @Test
  void explicitHugePagesThatAreNotFree() {
    assertThatThrownBy(
            () -> Regions.anonymous(TOO_LARGE, NONE.withExplicitHugePages(Wish.REQUIRED)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("explicitHugePages is refused: ")
        .hasMessageEndingWith("; or ask for it IF_POSSIBLE");
    try (AnonymousRegion region =
        Regions.anonymous(TOO_LARGE, NONE.withExplicitHugePages(Wish.IF_POSSIBLE))) {
      assertThat(region.granted()).isEqualTo(NONE);
      assertThat(region.refusals())
          .singleElement()
          .asString()
          .startsWith("explicitHugePages is refused: ");
      region.memory().orElseThrow().set(ValueLayout.JAVA_LONG, 0, 42);
    }
  }

  @Test
  void transparentHugePagesIfThereAreNoExplicitOnes(TestInfo test) throws IOException {
    boolean on = !LinuxFacts.OF_THIS_SYSTEM.transparentHugePagesAreOff();
    needs(on, "transparent huge pages", test(test));
    AnonymousOptions transparent = NONE.withTransparentHugePages(Wish.REQUIRED);
    try (AnonymousRegion region =
        Regions.anonymous(TOO_LARGE, transparent.withExplicitHugePages(Wish.IF_POSSIBLE))) {
      assertThat(region.granted()).isEqualTo(transparent);
      assertThat(ProcessMemory.flagsAt(region.address())).contains("hg");
    }
  }

  @Test
  void explicitHugePages(TestInfo test) throws IOException {
    AnonymousOptions explicit = NONE.withExplicitHugePages(Wish.IF_POSSIBLE);
    AnonymousOptions both = explicit.withTransparentHugePages(Wish.REQUIRED);
    try (AnonymousRegion region = Regions.anonymous(3 * MIB, both)) {
      boolean had = region.granted().explicitHugePages() != Wish.NO;
      needs(had, "two free huge pages (vm.nr_hugepages)", test(test));
      assertThat(region.granted()).isEqualTo(explicit);
      assertThat(region.address() % (2 * MIB)).isZero();
      assertThat(region.sizeBytes()).isEqualTo(3 * MIB);
      assertThat(ProcessMemory.flagsAt(region.address())).contains("ht");
      region.memory().orElseThrow().fill((byte) 1);
    }
  }

  /** Huge pages come to an aligned place like this; ordinary pages do as well, and are there. */
  @Test
  @SuppressWarnings("restricted") // The segment is no longer than what was mapped.
  void mappingWithoutSlackIsAligned() throws Exception {
    long address = SystemMemory.mapAligned(6 * MIB, 1L << 30, 0);
    try {
      assertThat(address % (1L << 30)).isZero();
      MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(6 * MIB);
      memory.fill((byte) 1);
      assertThat(ProcessMemory.committedBytes(address, 6 * MIB)).isEqualTo(6 * MIB);
    } finally {
      SystemMemory.unmap(address, 6 * MIB);
    }
  }

  @Test
  void aRequiredOptionThatIsRefusedKeepsNothingMapped() throws IOException {
    AnonymousOptions options = NONE.withNumaNode(1023, Wish.REQUIRED);
    needs(!hasNode(1023), "less than 1024 NUMA nodes", "nothing is kept mapped");
    long before = ProcessMemory.mappedBytes();
    assertThatThrownBy(() -> Regions.anonymous(TOO_LARGE, options))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(ProcessMemory.mappedBytes()).isLessThan(before + TOO_LARGE);
  }

  @Test
  void optionsThatDoNotPass() {
    for (int node : new int[] {-1, 1024, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> NONE.withNumaNode(node, Wish.IF_POSSIBLE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("numaNode must be 0 to 1023, not %d", node);
      assertThat(NONE.withNumaNode(node, Wish.NO)).isEqualTo(NONE);
    }
    AnonymousOptions explicit = NONE.withExplicitHugePages(Wish.IF_POSSIBLE);
    assertThatThrownBy(() -> explicit.withNumaNode(0, Wish.IF_POSSIBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("explicitHugePages cannot be bound to a NUMA node; use transparentHugePages");
  }
}
