package dev.twofold.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.Options;

/** That the jcstress tests still run: one of each kind, a blink each, and what comes of it. */
class StressTest {

  private static final String ONE_OF_EACH_KIND =
      "(TwoFrees|LastBlock|DoubleFreeAndAllocate|TwoTrees|EveryPageOnce|OfflineAndFree"
          + "|TwoRunFrees|NewWordRaces.Run)$";

  @TempDir Path report;

  @Test
  void noForbiddenOutcomeIsSeen() throws Exception {
    assertThat(run(ONE_OF_EACH_KIND)).isZero();
  }

  @Test
  void nothingToRunIsAMistake() throws Exception {
    assertThat(run("NoSuchTest")).isEqualTo(2);
  }

  private int run(String tests) throws Exception {
    Options options =
        new Options(
            new String[] {
              "-m",
              "sanity",
              "-sc",
              "false",
              "-af",
              "NONE",
              "-jvmArgs",
              "-Xmx512m",
              "-t",
              tests,
              "-r",
              report.toString()
            });
    assertThat(options.parse()).isTrue();
    return Stress.run(options);
  }
}
