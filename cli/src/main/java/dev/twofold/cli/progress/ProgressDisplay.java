package dev.twofold.cli.progress;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Where progress is shown: as bars on a terminal, or nowhere. */
public enum ProgressDisplay {
  /** Draws a bar on standard error and wipes it out at the end. */
  TERMINAL {
    @Override
    public Progress start(String task, String unit, long unitSize, long steps) {
      ProgressBar bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setUnit(unit, unitSize)
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
    public Progress start(String task, String unit, long unitSize, long steps) {
      return Progress.silent();
    }
  };

  private static final int UPDATE_MILLIS = 200;

  /**
   * Starts to show a piece of work.
   *
   * @param task what is done, in a word
   * @param unit the name of a unit, as shown behind a number
   * @param unitSize steps in a unit
   * @param steps how many there will be, or -1 if that is not known
   * @return the progress to tell
   */
  public abstract Progress start(String task, String unit, long unitSize, long steps);

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
