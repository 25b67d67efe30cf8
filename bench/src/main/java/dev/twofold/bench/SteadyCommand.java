package dev.twofold.bench;

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
        "Runs a load that swings between two levels, a swing without decay and one with it in turn, and prints the"
            + " throughput, the calls that gave memory back, and how much of that was needed again.",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class SteadyCommand implements Callable<Integer> {

  private static final int MAX_ORDER = 12;
  private static final int WARM_UPS = 2;
  private static final int LEAST_PERIODS = 3;

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
      defaultValue = "4000",
      description = "The decay time, where decay is on. Default: ${DEFAULT-VALUE}.")
  private int decayMillis;

  @Option(
      names = "--swings",
      paramLabel = "COUNT",
      defaultValue = "30",
      description =
          "How many swings count, each without decay and with it, after two that do not. Default:"
              + " ${DEFAULT-VALUE}.")
  private int swings;

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
      out.printf("Order %d: %d swings of %d ms…%n", order, 2 * swings, periodMillis);
      Settings settings = new Settings(order, lowBytes, highBytes, Duration.ofMillis(decayMillis));
      try (SteadyLoad off = new SteadyLoad(settings, false, 1);
          SteadyLoad on = new SteadyLoad(settings, true, 1)) {
        measure(order, off, on, table);
      }
    }
    out.println();
    out.print(table.write());
    return 0;
  }

  /** One swing each in turn; which load comes first changes every time. */
  private void measure(int order, SteadyLoad off, SteadyLoad on, SteadyTable table) {
    Duration period = Duration.ofMillis(periodMillis);
    List<Double> withoutDecay = new ArrayList<>();
    List<Double> withDecay = new ArrayList<>();
    for (int swing = -WARM_UPS; swing < swings; swing++) {
      boolean onFirst = swing % 2 == 0;
      double first = (onFirst ? on : off).swing(period);
      double second = (onFirst ? off : on).swing(period);
      if (swing >= 0) {
        withDecay.add(onFirst ? first : second);
        withoutDecay.add(onFirst ? second : first);
      }
    }
    table.add(order, withoutDecay, withDecay, on.region());
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
    requireBetween("--swings", swings, 1, Integer.MAX_VALUE);
    if (decayMillis < LEAST_PERIODS * (long) periodMillis) {
      throw new IllegalArgumentException(
          "--decay must be %d times --period or more, as each load stands still while the other one swings."
              .formatted(LEAST_PERIODS));
    }
  }

  private static void requireBetween(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d, not %d.".formatted(option, least, most, value));
    }
  }
}
