package dev.twofold.cli.report;

import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the tables have in common. */
final class Columns {

  private static final int NOTE_WIDTH = 100;

  private Columns() {}

  /** A column of numbers. */
  static <T> ColumnData<T> right(String header, Function<T, String> value) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.RIGHT)
        .dataAlign(HorizontalAlign.RIGHT)
        .with(value);
  }

  /** A column of words. */
  static <T> ColumnData<T> text(String header, Function<T, String> value) {
    return new Column()
        .header(header)
        .dataAlign(HorizontalAlign.LEFT)
        .maxWidth(NOTE_WIDTH)
        .with(value);
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Takes away the blanks at the ends of all lines; every line has a line end. */
  static String strip(String text) {
    return text.lines().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
  }
}
