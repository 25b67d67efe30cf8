package dev.twofold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

  @ParameterizedTest
  @CsvSource({
    "1ms, PT0.001S",
    "500 ms, PT0.5S",
    "0s, PT0S",
    "10S, PT10S",
    "5m, PT5M",
    "1h, PT1H",
    "999999999h, PT999999999H"
  })
  void readsTimes(String text, Duration time) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "1", "-1s", "+1s", "1.5s", "1d", "1us", "PT1S", "1s2s", "9999999999s"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'%s' is not a time, like 500ms, 10s, 5m or 1h", text);
  }
}
