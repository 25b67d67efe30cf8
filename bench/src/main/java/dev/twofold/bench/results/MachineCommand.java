package dev.twofold.bench.results;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/run machine}: writes down where figures are taken; for {@code bench/results}. */
@Command(
    name = "machine",
    description = "Writes down where and when figures are taken.",
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class MachineCommand implements Callable<Integer> {

  private static final int FAILED = 1;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to.")
  private Path file = Path.of("machine.json");

  @Option(
      names = "--revision",
      paramLabel = "NAME",
      required = true,
      description = "Of the sources.")
  private String revision = "";

  @Option(
      names = "--command",
      paramLabel = "WORDS",
      required = true,
      description = "What was started.")
  private String command = "";

  /** Makes the command. */
  public MachineCommand() {}

  @Override
  public Integer call() {
    try {
      Machine.here(revision, command).write(file);
      return 0;
    } catch (RawFileException e) {
      System.err.println("bench: " + e.getMessage());
      return FAILED;
    }
  }
}
