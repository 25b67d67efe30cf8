package dev.twofold.cli.bench;

import java.util.List;

/**
 * The values of one metric in all repetitions.
 *
 * @param values at least one, in the order they were taken
 */
public record Samples(List<Double> values) {

  /** Copies the list. */
  public Samples {
    values = List.copyOf(values);
  }

  /**
   * Returns the value in the middle.
   *
   * @return the median; of an even number of values the mean of the two in the middle
   */
  public double median() {
    List<Double> sorted = sorted();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * Returns the least value.
   *
   * @return the minimum
   */
  public double min() {
    return sorted().getFirst();
  }

  /**
   * Returns the largest value.
   *
   * @return the maximum
   */
  public double max() {
    return sorted().getLast();
  }

  private List<Double> sorted() {
    return values.stream().sorted().toList();
  }
}
