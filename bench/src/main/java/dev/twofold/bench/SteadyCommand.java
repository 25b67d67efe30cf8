package dev.twofold.bench;

import dev.twofold.bench.SteadyLoad.Figures;
import dev.twofold.bench.SteadyLoad.Settings;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/run steady}: what decay costs a load that swings within the decay time. */
@Command(
    name = "steady",
    description =
        "Runs a load that swings between two levels, with decay off and on in turn, and prints the"
            + " throughput, the calls that gave memory back, and how much of that was needed again.",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class SteadyCommand implements Callable<Integer> {

  private static final int MAX_ORDER = 12;

  private final PrintStream out;

  @Option(
      names = "--order",
      paramLabel = "K",
      split = ",",
      defaultValue = "4",
      description =
          "Blocks are of 2^K pages of 4 KiB; several with commas between them, each in turn."
              + " Default: ${DEFAULT-VALUE}, 64 KiB.")
  private List<Integer> orders = List.of();

  @Option(
      names = "--low",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "1G",
      description = "What is live at the lower level. Default: ${DEFAULT-VALUE}.")
  private long lowBytes;

  @Option(
      names = "--high",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "2G",
      description = "What is live at the higher level. Default: ${DEFAULT-VALUE}.")
  private long highBytes;

  @Option(
      names = "--period",
      paramLabel = "MILLISECONDS",
      defaultValue = "1000",
      description = "How long a swing down and up takes. Default: ${DEFAULT-VALUE}.")
  private int periodMillis;

  @Option(
      names = "--decay",
      paramLabel = "MILLISECONDS",
      defaultValue = "2000",
      description = "The decay time, where decay is on. Default: ${DEFAULT-VALUE}.")
  private int decayMillis;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long each round takes, once off and once on. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--rounds",
      paramLabel = "COUNT",
      defaultValue = "3",
      description =
          "How many rounds count, after a short one that does not. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // Picocli looks at its annotation only.
  private boolean help;

  SteadyCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try {
      check();
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      return Bench.BAD_USAGE;
    }
    SteadyTable table = new SteadyTable();
    for (int order : orders) {
      Settings settings =
          new Settings(
              order,
              lowBytes,
              highBytes,
              Duration.ofMillis(periodMillis),
              Duration.ofMillis(decayMillis));
      run(settings, false, Duration.ofSeconds(1), 0);
      List<Figures> off = new ArrayList<>();
      List<Figures> on = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        out.printf("Order %d, round %d of %d…%n", order, round, rounds);
        measure(settings, round, off, on);
      }
      table.add(order, off, on);
    }
    out.println();
    out.print(table.write());
    return 0;
  }

  /** What comes first changes from round to round. */
  private void measure(Settings settings, int round, List<Figures> off, List<Figures> on) {
    Duration time = Duration.ofSeconds(seconds);
    for (boolean decays : round % 2 == 0 ? List.of(true, false) : List.of(false, true)) {
      (decays ? on : off).add(run(settings, decays, time, round));
    }
  }

  private static Figures run(Settings settings, boolean decays, Duration time, long seed) {
    try (SteadyLoad load = new SteadyLoad(settings, decays, seed)) {
      return load.run(time, settings.period());
    }
  }

  private void check() {
    for (int order : orders) {
      requireBetween("--order", order, 0, MAX_ORDER);
      if (lowBytes < PageSource.PAGE_BYTES << order || highBytes <= lowBytes) {
        throw new IllegalArgumentException(
            "--high must be more than --low, and --low a block of order %d or more."
                .formatted(order));
      }
    }
    requireBetween("--period", periodMillis, 1, Integer.MAX_VALUE);
    requireBetween("--decay", decayMillis, 1, Integer.MAX_VALUE);
    requireBetween("--seconds", seconds, 1, Integer.MAX_VALUE);
    requireBetween("--rounds", rounds, 1, Integer.MAX_VALUE);
  }

  private static void requireBetween(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d, not %d.".formatted(option, least, most, value));
    }
  }
}
