package dev.twofold.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Requests that must succeed, as some block is free at every moment of the call: not always the
 * same one, nor in the same tree, nor in sight. A refusal is forbidden everywhere here.
 */
public final class AvailabilityRaces {

  private AvailabilityRaces() {}

  /** Frees and allocates a page twice, and frees it; returns whether all that succeeded. */
  private static boolean replaceTwice(Memory memory, long held) {
    long page = held;
    for (int round = 0; round < 2; round++) {
      memory.give(page);
      page = memory.take(0);
      if (page == Memory.NONE) {
        return false;
      }
    }
    return memory.give(page);
  }

  /**
   * Two pages, each a tree of its own, and two threads that hold one each and replace it. Who asks
   * holds none, so a page is free at every moment; but it jumps from tree to tree.
   */
  @JCStressTest
  @State
  @Outcome(id = "true, true, sound", expect = ACCEPTABLE, desc = "all requests succeed")
  @Outcome(expect = FORBIDDEN, desc = "refused, though a page was free at every moment")
  public static class TwoTrees {

    private final Memory memory = new Memory(1, 1);
    private final long first = memory.take(0);
    private final long second = memory.take(0);

    /** Replaces the first page. */
    @Actor
    public void one(ZZL_Result result) {
      result.r1 = replaceTwice(memory, first);
    }

    /** Replaces the second page. */
    @Actor
    public void other(ZZL_Result result) {
      result.r2 = replaceTwice(memory, second);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict();
    }
  }

  /** The same, while one thread also settles what was freed: what it moves stays in sight. */
  @JCStressTest
  @State
  @Outcome(id = "true, true, sound", expect = ACCEPTABLE, desc = "all requests succeed")
  @Outcome(expect = FORBIDDEN, desc = "refused, though a page was free at every moment")
  public static class TwoTreesAndDrain {

    private final Memory memory = new Memory(1, 1);
    private final long first = memory.take(0);
    private final long second = memory.take(0);

    /** Replaces the first page. */
    @Actor
    public void one(ZZL_Result result) {
      result.r1 = replaceTwice(memory, first);
    }

    /** Replaces the second page, and drains in between. */
    @Actor
    public void other(ZZL_Result result) {
      memory.give(second);
      long page = memory.take(0);
      memory.drain();
      result.r2 = page != Memory.NONE && replaceTwice(memory, page);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict();
    }
  }

  /**
   * A drain, an allocation and a free, in a memory of two pages of which one is free all along. The
   * drain may not hide it.
   */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, sound", "1, sound"},
      expect = ACCEPTABLE,
      desc = "the page that was free, or the one just freed")
  @Outcome(expect = FORBIDDEN, desc = "a refusal, though a page was free all along")
  public static class DrainAndAllocate {

    private final Memory memory = new Memory(2);
    private final long held = memory.take(0);

    /** Allocates a page. */
    @Actor
    public void allocate(JL_Result result) {
      result.r1 = memory.take(0);
    }

    /** Frees the other page and drains. */
    @Actor
    public void free() {
      memory.give(held);
      memory.drain();
    }

    /** Frees the page and looks at the memory. */
    @Arbiter
    public void end(JL_Result result) {
      result.r2 = memory.verdict(result.r1);
    }
  }

  /**
   * All memory is in another thread's cache: that of the thread that made the test's state, which
   * allocated each page and freed it. One thread wants half of it whole and another one the other
   * half: both must get it, whatever has to be merged first.
   */
  @JCStressTest
  @State
  @Outcome(id = "true, true, sound", expect = ACCEPTABLE, desc = "each gets a half")
  @Outcome(expect = FORBIDDEN, desc = "refused, though the memory is all free")
  public static class CachedElsewhere {

    private static final int ORDER = 3;
    private static final int PAGES = 2 << ORDER;

    private final Memory memory = new Memory(PAGES);
    private long half;
    private long otherHalf;

    /** Fills the cache. */
    public CachedElsewhere() {
      for (int page = 0; page < PAGES; page++) {
        memory.take(0);
      }
      for (int page = 0; page < PAGES; page++) {
        memory.give(page);
      }
    }

    /** Allocates a half. */
    @Actor
    public void one(ZZL_Result result) {
      half = memory.take(ORDER);
      result.r1 = half != Memory.NONE;
    }

    /** Allocates the other half. */
    @Actor
    public void other(ZZL_Result result) {
      otherHalf = memory.take(ORDER);
      result.r2 = otherHalf != Memory.NONE;
    }

    /** Frees both and looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict(half, otherHalf);
    }
  }

  /**
   * A page is freed and the whole memory asked for by the thread that freed it, while another
   * thread draws on the same unit with a page of its own and gives it back before. The first
   * request comes after both frees have returned, if the second thread has said so; then nothing is
   * in its way but the merge.
   */
  @JCStressTest
  @State
  @Outcome(id = "true, true, sound", expect = ACCEPTABLE, desc = "merged and taken")
  @Outcome(id = "true, false, sound", expect = ACCEPTABLE, desc = "asked before the other free")
  @Outcome(expect = FORBIDDEN, desc = "refused, though all was freed and the frees had returned")
  public static class FreedElsewhere {

    private final int order = Memory.pickOrder();
    private final Memory memory = new Memory(1 << order);
    private final long half = memory.take(order - 1);
    private final long otherHalf = memory.take(order - 1);
    private volatile boolean freed;
    private long whole = Memory.NONE;

    /** Frees a half and says so. */
    @Actor
    public void free() {
      memory.give(half);
      freed = true;
    }

    /** Frees the other half, and allocates the whole if the first one is free. */
    @Actor
    public void allocate(ZZL_Result result) {
      memory.give(otherHalf);
      boolean all = freed;
      if (all) {
        whole = memory.take(order);
      }
      result.r1 = !all || whole != Memory.NONE;
      result.r2 = all;
    }

    /** Frees the whole and looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      result.r3 = memory.verdict(whole);
    }
  }
}
