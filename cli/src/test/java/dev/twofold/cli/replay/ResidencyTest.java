package dev.twofold.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidencyTest {

  @TempDir Path folder;

  @Test
  void readsWhatLinuxSays() throws IOException {
    String text =
        "Name:\tjava\nVmPeak:\t 9 kB\nVmHWM:\t  2048 kB\nVmRSS:\t  1 kB\nRssAnon:\t0 kB\n";
    Path status = Files.writeString(folder.resolve("status"), text);
    assertThat(Residency.of(status))
        .isEqualTo(new Residency(OptionalLong.of(2 << 20), OptionalLong.of(1024)));
  }

  @Test
  void knowsNothingWhereNothingIsSaid() throws IOException {
    Residency unknown = new Residency(OptionalLong.empty(), OptionalLong.empty());
    Path other = Files.writeString(folder.resolve("status"), "VmHWM: much\nVmRSS:\n");
    assertThat(Residency.of(folder.resolve("missing"))).isEqualTo(unknown);
    assertThat(Residency.of(other)).isEqualTo(unknown);
  }

  @Test
  void thisProcessIsResidentWhereLinuxTells() {
    Residency residency = Residency.ofProcess();
    boolean told = Files.isReadable(Path.of("/proc/self/status"));
    assertThat(residency.nowBytes().isPresent()).isEqualTo(told);
    residency.nowBytes().ifPresent(bytes -> assertThat(bytes).isPositive());
  }
}
