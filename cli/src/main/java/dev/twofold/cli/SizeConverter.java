package dev.twofold.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads sizes like {@code 4096}, {@code 512M}, {@code 1GiB}, {@code 2tb}. Units are powers of 1024
 * however they are written.
 */
final class SizeConverter implements ITypeConverter<Long> {

  private static final Pattern SIZE = Pattern.compile("(?<number>\\d+) ?(?<unit>[KMGTP]?)(?:I?B)?");
  private static final String UNITS = "KMGTP";
  private static final int UNIT_SHIFT = 10;

  @Override
  public Long convert(String text) {
    Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!size.matches()) {
      throw new TypeConversionException(
          "'%s' is not a size, like 4096, 64K, 512M or 1GiB".formatted(text));
    }
    int shift = UNIT_SHIFT * unit(size.group("unit"));
    try {
      long bytes = Math.multiplyExact(Long.parseLong(size.group("number")), 1L << shift);
      if (bytes > 0) {
        return bytes;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TypeConversionException("'%s' is more than 63 bits can say".formatted(text));
    }
    throw new TypeConversionException("'%s' is no memory at all".formatted(text));
  }

  private static int unit(String letter) {
    return letter.isEmpty() ? 0 : UNITS.indexOf(letter) + 1;
  }
}
