package dev.twofold.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GiveBackRunTest {

  private static final long SIZE_BYTES = 16 << 20;

  private static GiveBackFigures measure(MemoryHolder holder)
      throws IOException, InterruptedException {
    if (!SystemMemory.isTold()) {
      System.out.println("skipped as the system does not tell what is resident: giveback");
    }
    assumeTrue(SystemMemory.isTold());
    Duration decay = Duration.ofDays(1);
    return GiveBackRun.measure(holder, SIZE_BYTES, 4, decay, Duration.ofMillis(1));
  }

  @ParameterizedTest
  @EnumSource(MemoryHolder.class)
  void whatIsTouchedIsResident(MemoryHolder holder) throws IOException, InterruptedException {
    GiveBackFigures figures = measure(holder);
    assertThat(figures.allocator()).isEqualTo(holder.label());
    assertThat(figures.full().held()).isGreaterThanOrEqualTo(SIZE_BYTES);
    assertThat(figures.full().resident()).isGreaterThan(SIZE_BYTES);
  }

  @Test
  void twofoldSaysWhatTheSystemSays() throws IOException, InterruptedException {
    GiveBackFigures figures = measure(MemoryHolder.TWOFOLD_TRIM);
    assertThat(figures.before().ofRegion()).isZero();
    assertThat(figures.full().ofRegion()).isEqualTo(SIZE_BYTES).isEqualTo(figures.full().held());
    assertThat(figures.freed().ofRegion()).isEqualTo(SIZE_BYTES);
    assertThat(figures.waited().ofRegion()).isZero().isEqualTo(figures.waited().held());
  }

  @Test
  void figuresAreReadAsTheyWereWritten(@TempDir Path folder)
      throws IOException, InterruptedException {
    GiveBackFigures figures = measure(MemoryHolder.TWOFOLD_DECAY);
    Path file = folder.resolve("figures.json");
    figures.write(file);
    assertThat(GiveBackFigures.read(file)).isEqualTo(figures);
    assertThat(GiveBackFigures.tables(List.of(figures)))
        .contains("| twofold-decay", "16.0", "0.00 %")
        .doesNotContain("null");
  }
}
