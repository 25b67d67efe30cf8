package dev.twofold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The list of faults that {@code stress/faults} breaks the sources by. */
@DisabledOnOs(OS.WINDOWS)
class FaultListTest {

  @Test
  void namesWhatStandsInTheSources() throws Exception {
    Process process =
        new ProcessBuilder("sh", "../stress/faults", "--check").redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
