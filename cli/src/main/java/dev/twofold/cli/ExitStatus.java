package dev.twofold.cli;

import picocli.CommandLine.ExitCode;

/** How a command that did not go well ends; one that did exits with 0. */
final class ExitStatus {

  /** The work was done, and something is wrong with what came of it. */
  static final int FAILED = ExitCode.SOFTWARE;

  /** The work could not be done: bad usage, bad input, no memory. */
  static final int REFUSED = ExitCode.USAGE;

  private ExitStatus() {}
}
