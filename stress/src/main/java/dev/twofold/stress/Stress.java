package dev.twofold.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import joptsimple.OptionException;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;

/**
 * Runs the jcstress tests of this module and says how it went: exit code 0 if no forbidden outcome
 * was seen, 1 if one was or a test broke, 2 if the command line is wrong. Takes the options of
 * jcstress, and {@code --long}.
 */
public final class Stress {

  private static final String LONG = "--long";
  private static final int FAILURE = 1;
  private static final int BAD_USAGE = 2;

  /** One JVM as it comes, its threads wherever the system puts them: minutes, not hours. */
  private static final Map<String, String> QUICK =
      Map.of("-m", "quick", "-time", "1000", "-sc", "false", "-af", "NONE", "-jvmArgs", "-Xmx512m");

  /** All kinds of JVM and compiler that jcstress finds. */
  private static final Map<String, String> FULL = Map.of("-m", "default", "-sc", "false");

  /** The threads of the tests with the most. */
  private static final int THREADS = 3;

  private Stress() {}

  /**
   * Runs the tests.
   *
   * @param arguments options of jcstress ({@code -h} lists them) and {@code --long}
   * @throws Exception if jcstress cannot run them
   */
  public static void main(String[] arguments) throws Exception {
    List<String> given = new ArrayList<>(List.of(arguments));
    Map<String, String> preset = given.remove(LONG) ? FULL : QUICK;
    List<String> all = new ArrayList<>(given);
    preset.forEach((option, value) -> addUnlessGiven(all, option, value));
    Options options = new Options(all.toArray(String[]::new));
    System.exit(isValid(options) ? run(options) : given.contains("-h") ? 0 : BAD_USAGE);
  }

  /** jcstress returns in peace if it has nothing to run, but then leaves no results. */
  private static boolean hasRun(JCStress tests, Options options) throws Exception {
    tests.run();
    return Files.exists(Path.of(options.getResultFile()));
  }

  private static void addUnlessGiven(List<String> arguments, String option, String value) {
    if (!arguments.contains(option)) {
      arguments.add(option);
      arguments.add(value);
    }
  }

  private static boolean isValid(Options options) throws IOException {
    try {
      return options.parse();
    } catch (OptionException e) {
      System.err.println("stress: " + e.getMessage() + "; -h lists the options.");
      return false;
    }
  }

  /** Returns the exit code. */
  static int run(Options options) throws Exception {
    JCStress tests = new JCStress(options);
    if (options.shouldList()) {
      tests.getTests().forEach(System.out::println);
      return 0;
    }
    try {
      if (options.shouldParse()) {
        tests.parseResults();
      } else if (!hasRun(tests, options)) {
        System.err.println("stress: no test was run; jcstress says why above.");
        return BAD_USAGE;
      }
    } catch (AssertionError e) {
      System.err.println("stress: " + e.getMessage());
      return FAILURE;
    }
    if (Runtime.getRuntime().availableProcessors() < THREADS) {
      System.out.println("stress: tests of three threads did not run: they need 3 processors.");
    }
    System.out.println("stress: no forbidden outcome was seen.");
    return 0;
  }
}
