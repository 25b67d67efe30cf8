package dev.twofold.cli.progress;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Where progress is shown: as bars on a terminal, or nowhere. */
public enum ProgressDisplay {
  /** Draws a bar on standard error and wipes it out at the end. */
  TERMINAL {
    @Override
    public Progress start(String task, ProgressUnit unit, long steps) {
      ProgressBar bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setUnit(" " + unit.label(), unit.steps())
              .setInitialMax(steps)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .clearDisplayOnFinish()
              .build();
      return new Bar(bar);
    }
  },
  /** Shows nothing: standard error is no terminal. */
  NONE {
    @Override
    public Progress start(String task, ProgressUnit unit, long steps) {
      return Progress.silent();
    }
  };

  private static final int UPDATE_MILLIS = 200;

  /**
   * Starts to show a piece of work.
   *
   * @param task what is done, in a word
   * @param unit what the numbers that are shown count
   * @param steps how many there will be, or -1 if that is not known
   * @return the progress to tell
   */
  public abstract Progress start(String task, ProgressUnit unit, long steps);

  private static final class Bar implements Progress {

    private final ProgressBar bar;

    Bar(ProgressBar bar) {
      this.bar = bar;
    }

    @Override
    public void advance(long steps) {
      bar.stepBy(steps);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
