package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from the files of other systems than this one. */
class LinuxFactsTableTest {

  private static final Path MEMORY = Path.of("proc", "meminfo");
  private static final Path SWITCH = Path.of("sys/kernel/mm/transparent_hugepage/enabled");

  @TempDir private Path root;
  private LinuxFacts facts = LinuxFacts.OF_THIS_SYSTEM;

  @BeforeEach
  void setUp() throws IOException {
    facts = new LinuxFacts(root);
    Files.createDirectories(root.resolve(MEMORY).getParent());
    Files.createDirectories(root.resolve(SWITCH).getParent());
  }

  @Test
  void memoryOfAMachine() throws IOException {
    Files.writeString(
        root.resolve(MEMORY),
        "MemTotal:  100 kB\nMemAvailable:   70 kB\nHugePages_Total:  3\nHugepagesize:    2048 kB\n");
    assertThat(facts.availableBytes()).hasValue(70 << 10);
    assertThat(facts.hugePageBytes()).hasValue(2 << 20);
  }

  @Test
  void kernelWithoutHugePages() throws IOException {
    Files.writeString(root.resolve(MEMORY), "MemTotal:  100 kB\nMemFree:   70 kB\n");
    assertThat(facts.availableBytes()).isEmpty();
    assertThat(facts.hugePageBytes()).isEmpty();
  }

  @Test
  void filesThatAreNotThere() {
    assertThat(facts.availableBytes()).isEmpty();
    assertThat(facts.hugePageBytes()).isEmpty();
    assertThat(facts.transparentHugePagesAreOff()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "always madvise [never], true",
    "always [madvise] never, false",
    "[always] madvise never, false"
  })
  void switchOfTransparentHugePages(String words, boolean off) throws IOException {
    Files.writeString(root.resolve(SWITCH), words + "\n");
    assertThat(facts.transparentHugePagesAreOff()).isEqualTo(off);
  }
}
