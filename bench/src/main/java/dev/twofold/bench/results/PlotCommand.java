package dev.twofold.bench.results;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/plot}: draws the plots and writes the page, from raw figures. */
@Command(
    name = "plot",
    description = "Draws plots of the raw figures and writes the page that shows them.",
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class PlotCommand implements Callable<Integer> {

  private static final int FAILED = 1;

  private final PrintStream out;

  @Option(
      names = "--docs",
      paramLabel = "DIR",
      required = true,
      description =
          "The folder of results.md; the raw figures lie in results/raw in there, the plots go to"
              + " results.")
  private Path docs = Path.of("docs");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // Picocli looks at its annotation only.
  private boolean help;

  /**
   * Makes the command.
   *
   * @param out where to say what was written
   */
  public PlotCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try {
      Path folder = docs.resolve("results");
      RawFolder raw = RawFolder.read(folder.resolve("raw"));
      SequencedMap<String, Chart> plots = Plots.of(raw);
      for (Map.Entry<String, Chart> plot : plots.entrySet()) {
        plot.getValue().write(folder.resolve(plot.getKey() + ".png"));
      }
      Path page = docs.resolve("results.md");
      Files.writeString(page, ResultsPage.write(raw, plots.keySet()));
      out.printf("%s shows %d plots, in %s.%n", page, plots.size(), folder);
      return 0;
    } catch (RawFileException e) {
      System.err.println("bench: " + e.getMessage());
    } catch (IOException e) {
      System.err.println(
          "bench: nothing can be written to %s: %s.".formatted(docs, e.getMessage()));
    }
    return FAILED;
  }
}
