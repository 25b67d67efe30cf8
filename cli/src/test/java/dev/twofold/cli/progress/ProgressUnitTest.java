package dev.twofold.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressUnitTest {

  @ParameterizedTest
  @CsvSource({
    "0, KIBIBYTES",
    "1, BYTES",
    "16383, BYTES",
    "16384, KIBIBYTES",
    "1000000, KIBIBYTES",
    "16777215, KIBIBYTES",
    "16777216, MEBIBYTES"
  })
  void showsEnoughOfAUnitToSeeItGrow(long bytes, ProgressUnit unit) {
    assertThat(ProgressUnit.ofBytes(bytes)).isEqualTo(unit);
  }
}
