package dev.twofold.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * Figures that are asked for while operations are under way. They promise to count every page once,
 * as it was at some moment during the call; of operations they promise nothing until these have
 * returned.
 */
public final class FigureRaces {

  private FigureRaces() {}

  /**
   * The figures, while blocks are split, freed and merged in all tiers. Pages free and allocated
   * add up to all pages. A page too many or too few is forbidden: it would have been counted twice
   * or not at all while it went from one word to another.
   */
  @JCStressTest
  @State
  @Outcome(id = "true, sound", expect = ACCEPTABLE, desc = "every page is counted once")
  @Outcome(expect = FORBIDDEN, desc = "a page is counted twice or not at all")
  public static class EveryPageOnce {

    private final int order = Memory.pickOrder();
    private final Memory memory = new Memory(1 << order, 3);
    private final long half = memory.take(order - 1);
    private long page;

    /** Asks for the figures. */
    @Actor
    public void figures(ZL_Result result) {
      result.r1 = memory.countsAllPages();
    }

    /** Frees half of a tree and allocates a page. */
    @Actor
    public void operations() {
      memory.give(half);
      page = memory.take(0);
    }

    /** Frees the page and looks at the memory. */
    @Arbiter
    public void end(ZL_Result result) {
      result.r2 = memory.verdict(page);
    }
  }
}
