package dev.twofold.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Runs, which are allocated and freed under a lock, beside blocks, which are not. */
public final class RunRaces {

  private RunRaces() {}

  /** A run of three pages and a page, in a memory of four: there is room for both all along. */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, 3, sound", "1, 0, sound"},
      expect = ACCEPTABLE,
      desc = "side by side")
  @Outcome(expect = FORBIDDEN, desc = "a refusal, or pages that two have")
  public static class RunAndPage {

    private final Memory memory = new Memory(4);

    /** Allocates the run. */
    @Actor
    public void run(JJL_Result result) {
      result.r1 = memory.takeRun(3);
    }

    /** Allocates the page. */
    @Actor
    public void page(JJL_Result result) {
      result.r2 = memory.take(0);
    }

    /** Frees both and looks at the memory. */
    @Arbiter
    public void end(JJL_Result result) {
      result.r3 = memory.verdict(result.r1, result.r2);
    }
  }

  /** Two frees of one run: one wins, and all of the run is free. */
  @JCStressTest
  @State
  @Outcome(
      id = {"true, false, sound", "false, true, sound"},
      expect = ACCEPTABLE,
      desc = "one wins")
  @Outcome(expect = FORBIDDEN, desc = "both win, or none, or pages are lost")
  public static class TwoRunFrees {

    private final Memory memory = new Memory(7);
    private final long run = memory.takeRun(5);

    /** Frees the run. */
    @Actor
    public void one(ZZL_Result result) {
      result.r1 = memory.give(run);
    }

    /** Frees the run. */
    @Actor
    public void other(ZZL_Result result) {
      result.r2 = memory.give(run);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict();
    }
  }

  /** A run grows into a page that is freed just then, or is too early. */
  @JCStressTest
  @State
  @Outcome(
      id = {"true, true, sound", "false, true, sound"},
      expect = ACCEPTABLE,
      desc = "the page was freed before or after")
  @Outcome(expect = FORBIDDEN, desc = "the page was not freed, or pages are lost")
  public static class GrowthAndFree {

    private final Memory memory = new Memory(4);
    private final long run = memory.takeRun(3);
    private final long page = memory.take(0);

    /** Lets the run have the page behind it. */
    @Actor
    public void grow(ZZL_Result result) {
      result.r1 = memory.resize(run, 4);
    }

    /** Frees that page. */
    @Actor
    public void free(ZZL_Result result) {
      result.r2 = memory.give(page);
    }

    /** Frees the run and looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict(run);
    }
  }
}
