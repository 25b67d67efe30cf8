package dev.twofold.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/run giveback}: what the system gets back once all is freed. */
@Command(
    name = "giveback",
    description =
        "Fills memory with blocks, touches every page, frees all, waits, and prints what was"
            + " resident, each allocator in a JVM of its own.",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class GiveBackCommand implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int MAX_ORDER = 12;

  private final PrintStream out;

  @Option(
      names = "--allocator",
      paramLabel = "NAME",
      split = ",",
      description = "The allocators, with commas between them. Default: all.")
  private List<String> allocators = MemoryHolder.labels();

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "4G",
      description = "How much to fill, like 512M or 4G. Default: ${DEFAULT-VALUE}.")
  private long sizeBytes;

  @Option(
      names = "--order",
      paramLabel = "K",
      defaultValue = "4",
      description = "Blocks are of 2^K pages of 4 KiB. Default: ${DEFAULT-VALUE}, 64 KiB.")
  private int order;

  @Option(
      names = "--decay",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "Twofold's decay time. All allocators are waited for a quarter longer. Default:"
              + " ${DEFAULT-VALUE}.")
  private int decaySeconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures, in bytes, to a file.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // Picocli looks at its annotation only.
  private boolean help;

  GiveBackCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      check();
      List<GiveBackFigures> all = new ArrayList<>();
      for (MemoryHolder each : allocators.stream().distinct().map(MemoryHolder::named).toList()) {
        out.println("Measuring " + each.label() + "…");
        all.add(measure(each));
      }
      out.println();
      out.print(GiveBackFigures.tables(all));
      if (json.isPresent()) {
        Files.writeString(json.get(), GiveBackFigures.json(all));
      }
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      return Bench.BAD_USAGE;
    } catch (IOException e) {
      System.err.println("bench: a file can't be written or read: %s.".formatted(e.getMessage()));
      return Bench.BAD_USAGE;
    } catch (IllegalStateException e) {
      System.err.println("bench: " + e.getMessage());
      return FAILED;
    }
  }

  private void check() {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException(
          "--order must be 0 to %d, not %d.".formatted(MAX_ORDER, order));
    }
    if (decaySeconds < 1) {
      throw new IllegalArgumentException(
          "--decay must be 1 second or more, not %d.".formatted(decaySeconds));
    }
    if (!SystemMemory.isTold()) {
      throw new IllegalStateException(
          "this system does not tell what is resident; giveback needs Linux.");
    }
  }

  private GiveBackFigures measure(MemoryHolder holder) throws IOException, InterruptedException {
    Path file = Files.createTempFile("giveback", ".json");
    try {
      Duration decay = Duration.ofSeconds(decaySeconds);
      ChildJvm.run(
          holder.label(),
          flags(),
          GiveBackRun.class,
          List.of(
              holder.label(),
              Long.toString(sizeBytes),
              Integer.toString(order),
              Long.toString(decay.toMillis()),
              Long.toString(decay.toMillis() + decay.toMillis() / 4),
              file.toString()));
      return GiveBackFigures.read(file);
    } finally {
      Files.delete(file);
    }
  }

  /** The heap is resident from the start, so that it is no part of what comes and goes. */
  private List<String> flags() {
    return List.of("-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=" + 3 * sizeBytes);
  }
}
