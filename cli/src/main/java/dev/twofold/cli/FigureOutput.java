package dev.twofold.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Where a command's figures go: a table or JSON on standard output, and JSON in a file. */
final class FigureOutput {

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures as JSON to a file too; with -, to standard output instead.")
  private Optional<String> json = Optional.empty();

  private Optional<JsonTarget> target = Optional.empty();

  /**
   * Looks before the work whether the file can be written.
   *
   * @param inputs names of files that are still to be read
   * @throws UsageException if not
   */
  void prepare(List<String> inputs) throws UsageException {
    if (json.isPresent() && !toStandardOutput()) {
      target = Optional.of(JsonTarget.of(json.get(), inputs));
    }
  }

  /**
   * Hands the figures out.
   *
   * @throws UsageException if the file can't be written after all
   */
  void publish(PrintWriter out, Supplier<String> table, Supplier<String> object)
      throws UsageException {
    if (target.isPresent()) {
      target.get().write(object.get());
    }
    out.print(toStandardOutput() ? object.get() : table.get());
  }

  private boolean toStandardOutput() {
    return json.equals(Optional.of(JsonTarget.STANDARD_OUTPUT));
  }
}
