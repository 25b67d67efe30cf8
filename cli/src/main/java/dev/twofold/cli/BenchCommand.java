package dev.twofold.cli;

import dev.twofold.cli.bench.Bench;
import dev.twofold.cli.bench.BenchException;
import dev.twofold.cli.bench.BenchMemory;
import dev.twofold.cli.bench.BenchResult;
import dev.twofold.cli.bench.BenchSettings;
import dev.twofold.cli.bench.BenchThreads;
import dev.twofold.cli.bench.Effort;
import dev.twofold.cli.bench.WorkloadKind;
import dev.twofold.cli.progress.Progress;
import dev.twofold.cli.progress.ProgressUnit;
import dev.twofold.cli.report.BenchJson;
import dev.twofold.cli.report.BenchTable;
import dev.twofold.core.BuddyAllocator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twofold bench}: the workloads that page allocators are compared by. */
@Command(
    name = "bench",
    description = "Runs a workload on Twofold and tells what an operation costs.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footerHeading = "%n",
    footer = {
      "Workloads: docs/workloads.md tells what each one does. A timed workload is warmed up and"
          + " repeated; times are of one operation in one thread, the median of all repetitions"
          + " beside the least and the most. frag-user, frag-kernel, stress and mix run once and"
          + " take a score: the share of the free pages that lie in wholly free 2 MiB blocks.",
      "",
      "The yardstick is an uncontended atomic increment, measured in the same run: compare times"
          + " of two machines as multiples of it. With several threads there is a second one: two"
          + " threads that change the same cache lines.",
      "",
      "Exit status: 0 if all went well, 1 if a thread failed or the allocator is not as new after"
          + " everything was freed, 2 for bad usage or too little memory."
    })
final class BenchCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "WORKLOAD",
      converter = WorkloadConverter.class,
      completionCandidates = WorkloadConverter.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private WorkloadKind kind = WorkloadKind.BULK;

  @Option(
      names = "--order",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Size class of the blocks, or of the smallest of them; churn and mix draw their own."
              + " Default: ${DEFAULT-VALUE}.")
  private int order;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that do the same at once. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(names = "--virtual", description = "Use virtual threads.")
  private boolean virtual;

  @Option(
      names = "--confined",
      description =
          "Confine the allocator to the one thread that runs the workload: it then spares all atomic"
              + " operations. Not with --virtual, more --threads, or larson.")
  private boolean confined;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "4G",
      description =
          "Memory of all threads together, like 512M or 4GiB, in pages of 4 KiB. Default:"
              + " ${DEFAULT-VALUE}.")
  private long memory;

  @Option(
      names = "--real",
      description = "Reserve the memory. Otherwise it is a bare range of addresses.")
  private boolean real;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Repetitions of a timed workload, by default 5; or how often frag and mix take a score,"
              + " by default 100.")
  private Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--operations",
      paramLabel = "N",
      description =
          "Operations of all threads together in a repetition of pair, churn, cached,"
              + " constant-occupancy or larson, or in mix. By default what the workload's"
              + " definition says.")
  private Optional<Long> operations = Optional.empty();

  @Option(
      names = "--shattered",
      description = "Have mix begin with every second page allocated, at random.")
  private boolean shattered;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long stress goes on. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Seconds for which a timed workload is repeated before it counts; twice at least."
              + " Default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1965",
      description = "Where all random numbers come from. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private FigureOutput output = new FigureOutput();

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try {
      BenchSettings settings = settings();
      output.prepare(List.of());
      BenchResult result = run(settings);
      output.publish(terminal.out(), () -> BenchTable.write(result), () -> BenchJson.write(result));
      return 0;
    } catch (UsageException e) {
      terminal.complain(String.valueOf(e.getMessage()));
      return ExitStatus.REFUSED;
    } catch (BenchException e) {
      terminal.complain(String.valueOf(e.getMessage()));
      return e.isRefusal() ? ExitStatus.REFUSED : ExitStatus.FAILED;
    } catch (OutOfMemoryError e) {
      terminal.complain(
          "the workload does not fit into Java's heap: set TWOFOLD_JAVA_OPTS=-Xmx8g, say.");
      return ExitStatus.REFUSED;
    }
  }

  private BenchSettings settings() throws UsageException {
    Limits.requireBetween("--order", order, 0, BuddyAllocator.MAX_ORDER);
    Limits.requireBetween("--threads", threads, 1, BenchThreads.MOST);
    Limits.requireBetween("--seconds", seconds, 1, Integer.MAX_VALUE);
    Limits.requireBetween("--warm-up", warmUp, 0, Integer.MAX_VALUE);
    Limits.requireBetween("--rounds", rounds.orElse(1), 1, Integer.MAX_VALUE);
    Limits.requireBetween("--operations", operations.orElse(1L), 1, Long.MAX_VALUE);
    requireFitsConfined();
    Effort effort =
        new Effort(
            rounds.isPresent() ? OptionalInt.of(rounds.get()) : OptionalInt.empty(),
            operations.isPresent() ? OptionalLong.of(operations.get()) : OptionalLong.empty(),
            Duration.ofSeconds(warmUp),
            Duration.ofSeconds(seconds));
    return new BenchSettings(
        new BenchMemory(memory, real, confined),
        new BenchThreads(threads, virtual),
        effort,
        order,
        seed,
        shattered);
  }

  private void requireFitsConfined() throws UsageException {
    if (confined && threads > 1) {
      throw new UsageException(
          "--confined allows one thread, not %d: leave out --confined or --threads."
              .formatted(threads));
    }
    if (confined && virtual) {
      throw new UsageException(
          "--confined is for a platform thread: leave out --confined or --virtual.");
    }
  }

  private BenchResult run(BenchSettings settings) throws BenchException {
    Bench bench = new Bench(kind, settings);
    try (Progress progress =
        terminal.progress().start("Running", ProgressUnit.ROUNDS, bench.steps())) {
      return bench.run(progress);
    }
  }
}
