package dev.twofold.stress;

import java.util.ArrayList;
import java.util.List;
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
  private static final List<String> QUICK =
      List.of("-m", "quick", "-sc", "false", "-af", "NONE", "-jvmArgs", "-Xmx512m");

  private Stress() {}

  /**
   * Runs the tests.
   *
   * @param arguments options of jcstress ({@code -h} lists them) and {@code --long}
   * @throws Exception if jcstress cannot run them
   */
  public static void main(String[] arguments) throws Exception {
    List<String> given = new ArrayList<>(List.of(arguments));
    List<String> all = new ArrayList<>(given.remove(LONG) ? List.of() : QUICK);
    all.addAll(given);
    Options options = new Options(all.toArray(String[]::new));
    if (!options.parse()) {
      System.exit(given.contains("-h") ? 0 : BAD_USAGE);
    }
    System.exit(run(options));
  }

  private static int run(Options options) throws Exception {
    JCStress tests = new JCStress(options);
    if (options.shouldList()) {
      tests.getTests().forEach(System.out::println);
      return 0;
    }
    try {
      if (options.shouldParse()) {
        tests.parseResults();
      } else {
        tests.run();
      }
    } catch (AssertionError e) {
      System.err.println("stress: " + e.getMessage());
      return FAILURE;
    }
    System.out.println("stress: no forbidden outcome was seen.");
    return 0;
  }
}
