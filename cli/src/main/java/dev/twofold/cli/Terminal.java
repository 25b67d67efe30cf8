package dev.twofold.cli;

import dev.twofold.cli.progress.ProgressDisplay;
import java.io.InputStream;
import java.io.PrintWriter;

/** Where a command reads and writes: what the process was given, or what a test looks into. */
record Terminal(InputStream in, PrintWriter out, PrintWriter err, ProgressDisplay progress) {

  /** Set by the launcher, which can tell: Java itself can't ask about standard error alone. */
  private static final String ERR_IS_TERMINAL = "twofold.stderr.terminal";

  static Terminal ofProcess() {
    return new Terminal(
        System.in,
        new PrintWriter(System.out, false, System.out.charset()),
        new PrintWriter(System.err, true, System.err.charset()),
        Boolean.getBoolean(ERR_IS_TERMINAL) ? ProgressDisplay.TERMINAL : ProgressDisplay.NONE);
  }

  /** Says a sentence on standard error. */
  void complain(String sentence) {
    err.println("twofold: " + sentence);
  }

  /** Writes out what is left; returns {@code status}, or another one if that failed. */
  int finish(int status) {
    err.flush();
    if (out.checkError()) {
      complain("standard output can't be written.");
      return ExitStatus.REFUSED;
    }
    return status;
  }
}
