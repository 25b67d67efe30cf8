package dev.twofold.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** Starts the command line: {@code twofold replay} and {@code twofold bench}. */
public final class Main {

  private Main() {}

  /**
   * Runs a command and exits with its status.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    Terminal terminal = Terminal.ofProcess();
    System.exit(run(terminal, arguments));
  }

  /** Runs a command and returns its status. */
  static int run(Terminal terminal, String... arguments) {
    CommandLine commands = new CommandLine(new TwofoldCommand());
    commands.addSubcommand(new ReplayCommand(terminal));
    commands.addSubcommand(new BenchCommand(terminal));
    WholeNumbers.register(commands);
    commands.setOut(terminal.out());
    commands.setErr(terminal.err());
    commands.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    commands.setParameterExceptionHandler(Main::refuse);
    int status = commands.execute(arguments);
    return terminal.finish(status);
  }

  private static int refuse(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("bad usage");
    String end = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    command
        .getErr()
        .println(
            "twofold: %s; see \"%s --help\"."
                .formatted(end, command.getCommandSpec().qualifiedName()));
    return ExitStatus.REFUSED;
  }
}
