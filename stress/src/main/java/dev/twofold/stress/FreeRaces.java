package dev.twofold.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Frees that race, and blocks that another thread frees. */
public final class FreeRaces {

  private FreeRaces() {}

  /**
   * Two frees of one block.
   *
   * <p>One finds it allocated and wins, the other is refused. Two winners are forbidden, as the
   * second one would free a block that may have a new owner by then; and no winner, as the block
   * would be lost.
   */
  @JCStressTest
  @State
  @Outcome(id = "true, false, sound", expect = ACCEPTABLE, desc = "the first one frees it")
  @Outcome(id = "false, true, sound", expect = ACCEPTABLE, desc = "the second one frees it")
  @Outcome(expect = FORBIDDEN, desc = "both free it, or neither, or the memory is not as before")
  public static class TwoFrees {

    private final Memory memory = new Memory(2);
    private final long block = memory.take(0);

    /** Frees the block. */
    @Actor
    public void one(ZZL_Result result) {
      result.r1 = memory.give(block);
    }

    /** Frees the block. */
    @Actor
    public void other(ZZL_Result result) {
      result.r2 = memory.give(block);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict();
    }
  }

  /** Three frees of one block by two threads: as with two, exactly one wins. */
  @JCStressTest
  @State
  @Outcome(
      id = {"true, false, false, sound", "false, true, false, sound", "false, false, true, sound"},
      expect = ACCEPTABLE,
      desc = "one of them frees it")
  @Outcome(expect = FORBIDDEN, desc = "several free it, or none, or the memory is not as before")
  public static class ThreeFreesByTwo {

    private final Memory memory = new Memory(2);
    private final long block = memory.take(0);

    /** Frees the block. */
    @Actor
    public void one(LLLL_Result result) {
      result.r1 = memory.give(block);
    }

    /** Frees the block twice. */
    @Actor
    public void other(LLLL_Result result) {
      result.r2 = memory.give(block);
      result.r3 = memory.give(block);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(LLLL_Result result) {
      result.r4 = memory.verdict();
    }
  }

  /** The same by three threads. jcstress runs it where there are as many processors. */
  @JCStressTest
  @State
  @Outcome(id = "true, false, false, sound", expect = ACCEPTABLE, desc = "the first one frees it")
  @Outcome(id = "false, true, false, sound", expect = ACCEPTABLE, desc = "the second one frees it")
  @Outcome(id = "false, false, true, sound", expect = ACCEPTABLE, desc = "the third one frees it")
  @Outcome(expect = FORBIDDEN, desc = "several free it, or none, or the memory is not as before")
  public static class ThreeFrees {

    private final Memory memory = new Memory(2);
    private final long block = memory.take(0);

    /** Frees the block. */
    @Actor
    public void one(LLLL_Result result) {
      result.r1 = memory.give(block);
    }

    /** Frees the block. */
    @Actor
    public void second(LLLL_Result result) {
      result.r2 = memory.give(block);
    }

    /** Frees the block. */
    @Actor
    public void third(LLLL_Result result) {
      result.r3 = memory.give(block);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(LLLL_Result result) {
      result.r4 = memory.verdict();
    }
  }

  /**
   * Two frees of a block of many pages, which is looked for tier by tier. Its order is picked at
   * random among the tiers. Exactly one free wins.
   */
  @JCStressTest
  @State
  @Outcome(id = "true, false, sound", expect = ACCEPTABLE, desc = "the first one frees it")
  @Outcome(id = "false, true, sound", expect = ACCEPTABLE, desc = "the second one frees it")
  @Outcome(expect = FORBIDDEN, desc = "both free it, or neither, or the memory is not as before")
  public static class TwoFreesOfLargeBlock {

    private final int order = Memory.pickOrder();
    private final Memory memory = new Memory(1 << order);
    private final long block = memory.take(order);

    /** Frees the block. */
    @Actor
    public void one(ZZL_Result result) {
      result.r1 = memory.give(block);
    }

    /** Frees the block. */
    @Actor
    public void other(ZZL_Result result) {
      result.r2 = memory.give(block);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict();
    }
  }

  /**
   * Two frees of buddies: both win, and the blocks merge in the end. A refusal is forbidden, and so
   * is a memory whose buddies stay apart or are lost, which an update of their word that overwrites
   * another's would leave.
   */
  @JCStressTest
  @State
  @Outcome(id = "true, true, sound", expect = ACCEPTABLE, desc = "both are freed and merge")
  @Outcome(expect = FORBIDDEN, desc = "a free is refused or lost")
  public static class FreesOfBuddies {

    private final int order = Memory.pickOrder();
    private final Memory memory = new Memory(1 << order);
    private final long block = memory.take(order - 1);
    private final long buddy = memory.take(order - 1);

    /** Frees the block. */
    @Actor
    public void one(ZZL_Result result) {
      result.r1 = memory.give(block);
    }

    /** Frees the buddy. */
    @Actor
    public void other(ZZL_Result result) {
      result.r2 = memory.give(buddy);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict();
    }
  }

  /**
   * A thread frees what another one has just allocated and handed over. If the block has arrived,
   * its free must win: a refusal of an allocated block is forbidden.
   */
  @JCStressTest
  @State
  @Outcome(id = "freed, sound", expect = ACCEPTABLE, desc = "handed over and freed")
  @Outcome(id = "not there, sound", expect = ACCEPTABLE, desc = "not handed over in time")
  @Outcome(expect = FORBIDDEN, desc = "an allocated block is refused or lost")
  public static class HandOver {

    private final Memory memory = new Memory(2);
    private volatile long handedOver = Memory.NONE;
    private boolean freed;

    /** Allocates a block and hands it over. */
    @Actor
    public void owner() {
      handedOver = memory.take(0);
    }

    /** Frees what was handed over. */
    @Actor
    public void other(LL_Result result) {
      long block = handedOver;
      freed = block != Memory.NONE && memory.give(block);
      result.r1 = block == Memory.NONE ? "not there" : freed ? "freed" : "refused";
    }

    /** Frees the block if that has not happened, and looks at the memory. */
    @Arbiter
    public void end(LL_Result result) {
      result.r2 = memory.verdict(freed ? Memory.NONE : handedOver);
    }
  }
}
