package dev.twofold.cli;

/** What numbers an option may have. */
final class Limits {

  private Limits() {}

  /** Refuses a {@code value} below {@code least} or above {@code most}. */
  static void requireBetween(String option, long value, long least, long most)
      throws UsageException {
    if (value < least || value > most) {
      throw new UsageException(
          "%s must be %d to %d, not %d.".formatted(option, least, most, value));
    }
  }
}
