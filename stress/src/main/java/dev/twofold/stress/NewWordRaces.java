package dev.twofold.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * A new word of pages, which a thread begins and fills without a lock in the unit that it draws on,
 * beside those who hold the lock. The memory is large enough for a thread to draw on a unit.
 */
public final class NewWordRaces {

  /** Two blocks of it fill a word. */
  private static final int ORDER = 4;

  private static final int BLOCKS = 5;
  private static final int PAGES = 1 << 15;

  private NewWordRaces() {}

  private static void take(Memory memory, long[] blocks) {
    for (int block = 0; block < blocks.length; block++) {
      blocks[block] = memory.take(ORDER);
    }
  }

  /** The figures, while words are begun. */
  @JCStressTest
  @State
  @Outcome(id = "true, sound", expect = ACCEPTABLE, desc = "every page is counted once")
  @Outcome(expect = FORBIDDEN, desc = "a page is counted twice or not at all")
  public static class Figures {

    private final Memory memory = new Memory(PAGES);
    private final long[] blocks = new long[BLOCKS];

    /** Begins two words. */
    @Actor
    public void allocate() {
      take(memory, blocks);
    }

    /** Asks for the figures. */
    @Actor
    public void figures(ZL_Result result) {
      result.r1 = memory.countsAllPages();
    }

    /** Frees the blocks and looks at the memory. */
    @Arbiter
    public void end(ZL_Result result) {
      result.r2 = memory.verdict(blocks);
    }
  }

  /** The region goes offline, and what its words say elsewhere, while words are begun. */
  @JCStressTest
  @State
  @Outcome(id = "-1, sound", expect = ACCEPTABLE, desc = "each block is had in time or not at all")
  @Outcome(expect = FORBIDDEN, desc = "a block is lost, or had from a region that is offline")
  public static class Offline {

    private final Memory memory = new Memory(PAGES);
    private final long[] blocks = new long[BLOCKS];

    /** Begins two words. */
    @Actor
    public void allocate() {
      take(memory, blocks);
    }

    /** Takes the region offline and asks for a page. */
    @Actor
    public void offline(LL_Result result) {
      memory.offline(0);
      result.r1 = memory.take(0);
    }

    /** Frees the blocks and looks at the memory. */
    @Arbiter
    public void end(LL_Result result) {
      memory.online(0);
      result.r2 = memory.verdict(blocks);
    }
  }

  /** A run of the pages where words are about to be begun is allocated, and freed again. */
  @JCStressTest
  @State
  @Outcome(
      id = "true, sound",
      expect = ACCEPTABLE,
      desc = "the run is had as a whole or not at all")
  @Outcome(expect = FORBIDDEN, desc = "a page is lost or handed out twice")
  public static class Run {

    private static final int RUN_PAGE = 40;
    private static final int RUN_PAGES = 50;

    private final Memory memory = new Memory(PAGES);
    private final long[] blocks = new long[BLOCKS];

    /** Begins two words. */
    @Actor
    public void allocate() {
      take(memory, blocks);
    }

    /** Allocates a run and frees it. */
    @Actor
    public void run(ZL_Result result) {
      long run = memory.takeRunAt(Memory.address(0, RUN_PAGE), RUN_PAGES);
      result.r1 = run == Memory.NONE || memory.give(run);
    }

    /** Frees the blocks and looks at the memory. */
    @Arbiter
    public void end(ZL_Result result) {
      result.r2 = memory.verdict(blocks);
    }
  }
}
