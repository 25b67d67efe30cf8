package dev.twofold.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
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
   * Looks whether the figures go to a file that the work itself is about to create.
   *
   * @param file that file
   * @throws UsageException if they do
   */
  void requireOther(Path file) throws UsageException {
    boolean same =
        json.isPresent()
            && !toStandardOutput()
            && absolute(Path.of(json.get())).equals(absolute(file));
    if (same) {
      throw new UsageException(
          "--json %s is the file of --region: give the figures another one.".formatted(file));
    }
  }

  private static Path absolute(Path file) {
    return file.toAbsolutePath().normalize();
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
