package dev.twofold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizeConverterTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "4096, 4096",
    "512b, 512",
    "64k, 65536",
    "64KiB, 65536",
    "64 kb, 65536",
    "512M, 536870912",
    "1g, 1073741824",
    "2TiB, 2199023255552",
    "1P, 1125899906842624",
    "9223372036854775807, 9223372036854775807"
  })
  void readsSizes(String text, long bytes) {
    assertThat(new SizeConverter().convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "M",
        "-1",
        "+1",
        "0",
        "0G",
        "1.5G",
        "1X",
        "1GG",
        "1 G B",
        "0x10",
        "1Ki B",
        "٣",
        "9223372036854775808",
        "9007199254740992K",
        "99999999999999999999"
      })
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> new SizeConverter().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }
}
