package dev.twofold.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Defaults;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures Twofold and every other allocator that this machine has, and prints tables. Takes the
 * options of JMH, {@code --quick} for a first impression, and {@code --threads} with several
 * numbers of threads.
 */
final class Bench {

  private static final String QUICK = "--quick";
  private static final String ALLOCATOR = "allocator";

  /** The exit status for arguments that will not do. */
  static final int BAD_USAGE = 2;

  /**
   * How long to measure, as far as the command line does not say.
   *
   * @param forks JVMs a figure comes from
   * @param warmups iterations before measuring, a JVM
   * @param iterations measured iterations, a JVM
   * @param millis length of an iteration
   */
  private record Effort(int forks, int warmups, int iterations, int millis) {

    static final Effort FULL = new Effort(3, 3, 5, 1000);
    static final Effort QUICK = new Effort(1, 2, 3, 500);
  }

  private Bench() {}

  /**
   * Runs the benchmarks.
   *
   * @param arguments options of JMH ({@code -h} lists them), {@code --quick}, {@code --threads}
   * @return the exit status
   * @throws IOException if help cannot be printed
   */
  static int run(List<String> arguments) throws IOException {
    try {
      measure(new ArrayList<>(arguments));
      return 0;
    } catch (CommandLineOptionException | RunnerException | IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      return BAD_USAGE;
    }
  }

  private static void measure(List<String> jmhArguments)
      throws CommandLineOptionException, RunnerException, IOException {
    boolean quick = jmhArguments.remove(QUICK);
    boolean threadsTold = jmhArguments.contains(ThreadCounts.OPTION);
    List<Integer> threadCounts =
        ThreadCounts.take(jmhArguments, quick ? List.of(1) : ThreadCounts.ALL);
    CommandLineOptions commandLine = new CommandLineOptions(jmhArguments.toArray(String[]::new));
    if (commandLine.shouldHelp()) {
      commandLine.showHelp();
    } else if (commandLine.shouldList()) {
      new Runner(commandLine).list();
    } else {
      List<Peer> peers = Peer.available(chosen(commandLine), Peer::isAvailable, System.out);
      Options options = options(commandLine, quick ? Effort.QUICK : Effort.FULL, peers);
      List<RunResult> results = runs(options, threadCounts, threadsTold);
      Report.printAll(results, System.out);
    }
  }

  /** Returns the allocators that the command line names, or all. */
  private static List<Peer> chosen(CommandLineOptions commandLine) {
    Collection<String> names = commandLine.getParameter(ALLOCATOR).orElse(Peer.labels());
    return names.stream().map(Peer::named).toList();
  }

  /** Runs the benchmarks with each number of threads in turn. */
  private static List<RunResult> runs(
      Options options, List<Integer> threadCounts, boolean threadsTold) throws RunnerException {
    if (options.getThreads().hasValue()) {
      if (threadsTold) {
        throw new IllegalArgumentException(
            "-t and %s both tell the threads; give one of them".formatted(ThreadCounts.OPTION));
      }
      return List.copyOf(new Runner(options).run());
    }
    List<RunResult> results = new ArrayList<>();
    for (int threads : threadCounts) {
      Options run = new OptionsBuilder().parent(options).threads(threads).build();
      results.addAll(new Runner(run).run());
    }
    writeAll(results, options);
    return results;
  }

  /** Writes the file that JMH was asked for: JMH's own has only the last number of threads. */
  private static void writeAll(List<RunResult> results, Options options) {
    if (options.getResult().hasValue() || options.getResultFormat().hasValue()) {
      ResultFormatType format = options.getResultFormat().orElse(Defaults.RESULT_FORMAT);
      String file =
          options
              .getResult()
              .orElse(
                  Defaults.RESULT_FILE_PREFIX + "." + format.toString().toLowerCase(Locale.ROOT));
      ResultFormatFactory.getInstance(format, file).writeOut(results);
    }
  }

  private static Options options(CommandLineOptions given, Effort effort, List<Peer> peers) {
    if (peers.isEmpty()) {
      throw new IllegalArgumentException("there is no allocator left to measure");
    }
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .parent(given)
            .addProfiler(GCProfiler.class)
            .param(ALLOCATOR, peers.stream().map(Peer::label).toArray(String[]::new))
            .forks(given.getForkCount().orElse(effort.forks()))
            .warmupIterations(given.getWarmupIterations().orElse(effort.warmups()))
            .measurementIterations(given.getMeasurementIterations().orElse(effort.iterations()))
            .warmupTime(given.getWarmupTime().orElse(TimeValue.milliseconds(effort.millis())))
            .measurementTime(
                given.getMeasurementTime().orElse(TimeValue.milliseconds(effort.millis())));
    if (given.getIncludes().isEmpty()) {
      benchmarks().forEach(options::include);
    }
    return options.build();
  }

  private static Stream<String> benchmarks() {
    return Stream.of(YardstickBenchmark.class, PairBenchmark.class, ChurnBenchmark.class)
        .map(Class::getName);
  }
}
