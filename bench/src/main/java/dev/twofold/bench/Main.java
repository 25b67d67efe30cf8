package dev.twofold.bench;

import dev.twofold.bench.results.MachineCommand;
import dev.twofold.bench.results.PlotCommand;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Starts {@code bench/run}: JMH's benchmarks, or the command that the first word names. */
public final class Main {

  private Main() {}

  /**
   * Runs a command and exits with its status.
   *
   * @param arguments {@code latency}, {@code giveback}, {@code steady}, {@code plot} or {@code
   *     machine} with its options, or the options of {@link Bench}
   * @throws IOException if JMH's help cannot be printed
   */
  public static void main(String[] arguments) throws IOException {
    System.exit(run(arguments));
  }

  private static int run(String... arguments) throws IOException {
    CommandLine commands = new CommandLine(CommandSpec.create().name("bench/run"));
    commands.addSubcommand(new LatencyCommand(System.out));
    commands.addSubcommand(new GiveBackCommand(System.out));
    commands.addSubcommand(new SteadyCommand(System.out));
    commands.addSubcommand(new PlotCommand(System.out));
    commands.addSubcommand(new MachineCommand());
    commands.setParameterExceptionHandler(Main::refuse);
    boolean named = arguments.length > 0 && commands.getSubcommands().containsKey(arguments[0]);
    return named ? commands.execute(arguments) : Bench.run(List.of(arguments));
  }

  private static int refuse(ParameterException e, String[] arguments) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("bad usage");
    System.err.println("bench: " + message);
    return Bench.BAD_USAGE;
  }
}
