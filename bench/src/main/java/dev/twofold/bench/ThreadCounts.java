package dev.twofold.bench;

import java.util.Arrays;
import java.util.List;

/** How many threads to measure with, as the option {@value #OPTION} tells it: like 1,2,8. */
final class ThreadCounts {

  /** The option, whose value is the argument after it. */
  static final String OPTION = "--threads";

  /** Alone, as many as two processors are, and more than there are processors. */
  static final List<Integer> ALL = List.of(1, 2, 8);

  private ThreadCounts() {}

  /**
   * Takes the option and its value out of {@code arguments}.
   *
   * @param preset what to return if the option is not there
   * @return numbers of threads, each for a run
   * @throws IllegalArgumentException if the option is there with no value that will do
   */
  static List<Integer> take(List<String> arguments, List<Integer> preset) {
    int option = arguments.indexOf(OPTION);
    if (option < 0) {
      return preset;
    }
    if (option + 1 == arguments.size()) {
      throw refused("nothing");
    }
    arguments.remove(option);
    return parse(arguments.remove(option));
  }

  private static List<Integer> parse(String text) {
    try {
      List<Integer> counts = Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
      if (counts.stream().anyMatch(count -> count < 1)) {
        throw refused("'" + text + "'");
      }
      return counts.stream().distinct().toList();
    } catch (NumberFormatException e) {
      throw refused("'" + text + "'");
    }
  }

  private static IllegalArgumentException refused(String given) {
    return new IllegalArgumentException(
        "%s takes numbers of threads with commas between them, like 1,2,8, not %s"
            .formatted(OPTION, given));
  }
}
