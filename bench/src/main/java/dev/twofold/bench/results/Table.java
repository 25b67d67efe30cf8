package dev.twofold.bench.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table in Markdown, its columns aligned so that it can be read as it stands. */
public final class Table {

  private static final int LEAST_WIDTH = 3;

  private final List<List<String>> lines = new ArrayList<>();

  /**
   * Begins a table.
   *
   * @param headers the heads of the columns; the first is of words, the others of numbers
   */
  public Table(List<String> headers) {
    lines.add(List.copyOf(headers));
  }

  /**
   * Adds a line.
   *
   * @param cells as many as there are columns
   */
  public void add(List<String> cells) {
    if (cells.size() != lines.getFirst().size()) {
      throw new IllegalArgumentException(
          "%d cells in a table of %d columns".formatted(cells.size(), lines.getFirst().size()));
    }
    lines.add(List.copyOf(cells));
  }

  /**
   * Writes the table.
   *
   * @return lines, each with a line end
   */
  public String write() {
    int[] widths = new int[lines.getFirst().size()];
    Arrays.fill(widths, LEAST_WIDTH);
    for (List<String> line : lines) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    append(text, lines.getFirst(), widths);
    append(text, rule(widths), widths);
    lines.stream().skip(1).forEach(line -> append(text, line, widths));
    return text.toString();
  }

  private static List<String> rule(int[] widths) {
    List<String> rule = new ArrayList<>();
    for (int column = 0; column < widths.length; column++) {
      rule.add(column == 0 ? "-".repeat(widths[0]) : "-".repeat(widths[column] - 1) + ":");
    }
    return rule;
  }

  private static void append(StringBuilder text, List<String> cells, int[] widths) {
    for (int column = 0; column < widths.length; column++) {
      String padding = " ".repeat(widths[column] - cells.get(column).length());
      text.append("| ").append(column == 0 ? cells.get(0) + padding : padding + cells.get(column));
      text.append(' ');
    }
    text.append("|\n");
  }
}
