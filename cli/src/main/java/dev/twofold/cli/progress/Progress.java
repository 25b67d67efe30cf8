package dev.twofold.cli.progress;

/** Is told how far a long piece of work has come. Not thread-safe. */
public interface Progress extends AutoCloseable {

  /**
   * Counts work that was done.
   *
   * @param steps how much, at least 0
   */
  void advance(long steps);

  /** Ends the display. */
  @Override
  void close();

  /**
   * Returns this progress for several threads to tell.
   *
   * @return one whose {@link #advance} is thread-safe
   */
  default Progress shared() {
    Progress one = this;
    return new Progress() {
      @Override
      public synchronized void advance(long steps) {
        one.advance(steps);
      }

      @Override
      public void close() {
        one.close();
      }
    };
  }

  /**
   * Returns a progress that shows nothing.
   *
   * @return one that ignores everything
   */
  static Progress silent() {
    return new Progress() {
      @Override
      public void advance(long steps) {}

      @Override
      public void close() {}
    };
  }
}
