package dev.twofold.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A double free that races with an allocation of the same page. Once the page has a new owner,
 * nobody can tell a late free from the new owner's, so it may win then; what it may never do is to
 * win without an allocation in between, or to touch another block.
 */
public final class DoubleFreeRaces {

  private DoubleFreeRaces() {}

  /**
   * A page is freed twice by one thread, while another one allocates it. The second page is held
   * all along and is the witness: it must be there in the end.
   *
   * <p>The figures are: frees that won; whether the allocation got a page; and pages allocated in
   * the end, the witness too. One page was allocated besides the witness, so a win more than pages
   * that were there is forbidden, and so is a page that is neither freed nor allocated.
   */
  @JCStressTest
  @State
  @Outcome(id = "1, false, 1, sound", expect = ACCEPTABLE, desc = "asked before the free")
  @Outcome(id = "1, true, 2, sound", expect = ACCEPTABLE, desc = "allocated, the double free lost")
  @Outcome(
      id = "2, true, 1, sound",
      expect = ACCEPTABLE_INTERESTING,
      desc = "allocated in between; the late free passes for the new owner's")
  @Outcome(expect = FORBIDDEN, desc = "freed twice without an owner, or something else was freed")
  public static class DoubleFreeAndAllocate {

    private final Memory memory = new Memory(2);
    private final long page = memory.take(0);
    private final long witness = memory.take(0);
    private long taken;

    /** Frees the page twice. */
    @Actor
    public void free(LLLL_Result result) {
      result.r1 = (memory.give(page) ? 1 : 0) + (memory.give(page) ? 1 : 0);
    }

    /** Allocates a page. */
    @Actor
    public void allocate(LLLL_Result result) {
      taken = memory.take(0);
      result.r2 = taken != Memory.NONE;
    }

    /** Counts what is allocated, frees it and looks at the memory. */
    @Arbiter
    public void end(LLLL_Result result) {
      long allocated = memory.allocatedPages();
      result.r3 = allocated;
      result.r4 = memory.verdict(witness, allocated == 2 ? taken : Memory.NONE);
    }
  }

  /**
   * The same, with the two frees by two threads and the page fresh in the first one's cache, which
   * asks for it again at once.
   *
   * <p>A request after a free of one's own must get the page, unless it was not one's own free that
   * won: then that free may still be under way.
   */
  @JCStressTest
  @State
  @Outcome(id = "1, true, 2, sound", expect = ACCEPTABLE, desc = "one free won, and the request")
  @Outcome(
      id = "2, true, 1, sound",
      expect = ACCEPTABLE_INTERESTING,
      desc = "allocated in between; the late free passes for the new owner's")
  @Outcome(
      id = "1, false, 1, sound",
      expect = ACCEPTABLE_INTERESTING,
      desc = "refused while the other thread's free had not returned")
  @Outcome(expect = FORBIDDEN, desc = "freed twice without an owner, or something else was freed")
  public static class DoubleFreeOfCachedBlock {

    private final Memory memory = new Memory(2);
    private final long page = memory.take(0);
    private final long witness = memory.take(0);
    private long taken;
    private int wins;
    private boolean late;

    /** Frees the page and allocates one, which is the same. */
    @Actor
    public void owner(LLLL_Result result) {
      wins = memory.give(page) ? 1 : 0;
      taken = memory.take(0);
      result.r2 = taken != Memory.NONE;
    }

    /** Frees the page again. */
    @Actor
    public void late() {
      late = memory.give(page);
    }

    /** Counts what is allocated, frees it and looks at the memory. */
    @Arbiter
    public void end(LLLL_Result result) {
      result.r1 = wins + (late ? 1 : 0);
      long allocated = memory.allocatedPages();
      result.r3 = allocated;
      result.r4 = memory.verdict(witness, allocated == 2 ? taken : Memory.NONE);
      if (wins == 1 && taken == Memory.NONE) {
        result.r4 = "refused after a free that had returned";
      }
    }
  }
}
