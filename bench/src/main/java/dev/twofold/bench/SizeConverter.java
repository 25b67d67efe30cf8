package dev.twofold.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes like {@code 512M} or {@code 4G}, powers of 1024, up to 1 TiB. */
final class SizeConverter implements ITypeConverter<Long> {

  private static final Pattern SIZE = Pattern.compile("(?<number>[1-9]\\d{0,3})(?<unit>[MG])");
  private static final int MEBI_SHIFT = 20;
  private static final int GIBI_SHIFT = 30;
  private static final long MOST = 1L << 40;

  @Override
  public Long convert(String text) {
    Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (size.matches()) {
      int shift = size.group("unit").equals("M") ? MEBI_SHIFT : GIBI_SHIFT;
      long bytes = Long.parseLong(size.group("number")) << shift;
      if (bytes <= MOST) {
        return bytes;
      }
    }
    throw new TypeConversionException("'%s' is not a size, like 512M or 4G".formatted(text));
  }
}
