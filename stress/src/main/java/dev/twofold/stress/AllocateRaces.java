package dev.twofold.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJL_Result;
import org.openjdk.jcstress.infra.results.JL_Result;

/** Allocations that race with each other and with frees: nothing is handed out twice. */
public final class AllocateRaces {

  private AllocateRaces() {}

  /**
   * Two allocations in a new memory of two pages, whose metadata they lay out.
   *
   * <p>Each gets a page of its own. One page for both is forbidden, and so is a refusal: there is a
   * page for each.
   */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, 1, sound", "1, 0, sound"},
      expect = ACCEPTABLE,
      desc = "a page for each")
  @Outcome(expect = FORBIDDEN, desc = "one page for both, or a refusal")
  public static class DistinctBlocks {

    private final Memory memory = new Memory(2);

    /** Allocates a page. */
    @Actor
    public void one(JJL_Result result) {
      result.r1 = memory.take(0);
    }

    /** Allocates a page. */
    @Actor
    public void other(JJL_Result result) {
      result.r2 = memory.take(0);
    }

    /** Frees the pages and looks at the memory. */
    @Arbiter
    public void end(JJL_Result result) {
      result.r3 = memory.verdict(result.r1, result.r2);
    }
  }

  /**
   * Two allocations of different orders in a memory of four pages: the blocks do not overlap, and
   * both fit wherever the smaller one is.
   */
  @JCStressTest
  @State
  @Outcome(
      id = {"[01], 2, sound", "[23], 0, sound"},
      expect = ACCEPTABLE,
      desc = "the page is outside of the pair")
  @Outcome(expect = FORBIDDEN, desc = "the blocks overlap, or a refusal")
  public static class DistinctBlocksOfTwoOrders {

    private final Memory memory = new Memory(4);

    /** Allocates a page. */
    @Actor
    public void page(JJL_Result result) {
      result.r1 = memory.take(0);
    }

    /** Allocates a pair of pages. */
    @Actor
    public void pair(JJL_Result result) {
      result.r2 = memory.take(1);
    }

    /** Frees the blocks and looks at the memory. */
    @Arbiter
    public void end(JJL_Result result) {
      result.r3 = memory.verdict(result.r1, result.r2);
    }
  }

  /** Two requests for the last block, of an order picked at random: exactly one gets it. */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, -1, sound", "-1, 0, sound"},
      expect = ACCEPTABLE,
      desc = "one gets it, the other is refused")
  @Outcome(expect = FORBIDDEN, desc = "both get it, or neither")
  public static class LastBlock {

    private final int order = Memory.pickOrder();
    private final Memory memory = new Memory(1 << order);

    /** Allocates the block. */
    @Actor
    public void one(JJL_Result result) {
      result.r1 = memory.take(order);
    }

    /** Allocates the block. */
    @Actor
    public void other(JJL_Result result) {
      result.r2 = memory.take(order);
    }

    /** Frees the block and looks at the memory. */
    @Arbiter
    public void end(JJL_Result result) {
      result.r3 = memory.verdict(result.r1, result.r2);
    }
  }

  /**
   * An allocation and a free of another page, in a memory of two. The second page is free all
   * along, so a refusal is forbidden; either page will do.
   */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, sound", "1, sound"},
      expect = ACCEPTABLE,
      desc = "the page that was free, or the one just freed")
  @Outcome(expect = FORBIDDEN, desc = "a refusal, though a page was free all along")
  public static class AllocateAndFree {

    private final Memory memory = new Memory(2);
    private final long held = memory.take(0);

    /** Allocates a page. */
    @Actor
    public void allocate(JL_Result result) {
      result.r1 = memory.take(0);
    }

    /** Frees the other page. */
    @Actor
    public void free() {
      memory.give(held);
    }

    /** Frees the page and looks at the memory. */
    @Arbiter
    public void end(JL_Result result) {
      result.r2 = memory.verdict(result.r1);
    }
  }

  /**
   * A thread frees both halves of a block and asks for a half again; another one asks for the
   * whole, which needs the merge. The order is picked at random, so that the merge is one within a
   * word, or one that heals a page's word, a unit's or that of many units.
   *
   * <p>Each request is in the other's way, so exactly one of them gets its block. Both are
   * forbidden: a half would have been claimed while it merged. So is neither: a request for the
   * whole that came too early leaves a half for the other one.
   */
  @JCStressTest
  @State
  @Outcome(id = "0, -1, sound", expect = ACCEPTABLE, desc = "merged and taken whole")
  @Outcome(id = "-1, \\d+, sound", expect = ACCEPTABLE, desc = "asked for the whole too early")
  @Outcome(expect = FORBIDDEN, desc = "the blocks overlap, or something is lost")
  public static class MergeAndClaim {

    private final int order = Memory.pickOrder();
    private final Memory memory = new Memory(1 << order);
    private final long half = memory.take(order - 1);
    private final long otherHalf = memory.take(order - 1);

    /** Allocates the whole; asks some more times, as the first one is mostly too early. */
    @Actor
    public void whole(JJL_Result result) {
      result.r1 = memory.take(order);
      for (int more = 0; more < 16 && result.r1 == Memory.NONE; more++) {
        result.r1 = memory.take(order);
      }
    }

    /** Frees both halves and allocates one. */
    @Actor
    public void half(JJL_Result result) {
      memory.give(half);
      memory.give(otherHalf);
      result.r2 = memory.take(order - 1);
    }

    /** Frees the block and looks at the memory. */
    @Arbiter
    public void end(JJL_Result result) {
      result.r3 = memory.verdict(result.r1, result.r2);
    }
  }
}
