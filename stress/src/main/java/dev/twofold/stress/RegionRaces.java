package dev.twofold.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZL_Result;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.ZLL_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Regions that go offline, are removed or added, beside allocations and frees. */
public final class RegionRaces {

  private RegionRaces() {}

  /**
   * A region goes offline while a page is allocated, to which there is a hint. That one may come in
   * time; a page that is asked for afterwards is forbidden.
   */
  @JCStressTest
  @State
  @Outcome(id = "-?[01], -1, sound", expect = ACCEPTABLE, desc = "before, or not at all")
  @Outcome(expect = FORBIDDEN, desc = "a page of a region that is offline, or something is lost")
  public static class OfflineAndAllocate {

    private final Memory memory = new Memory(2);

    /** Leaves a hint. */
    public OfflineAndAllocate() {
      memory.give(memory.take(0));
    }

    /** Allocates a page. */
    @Actor
    public void allocate(LLL_Result result) {
      result.r1 = memory.take(0);
    }

    /** Takes the region offline and asks for a page. */
    @Actor
    public void offline(LLL_Result result) {
      memory.offline(0);
      result.r2 = memory.take(0);
    }

    /** Frees the page and looks at the memory. */
    @Arbiter
    public void end(LLL_Result result) {
      memory.online(0);
      result.r3 = memory.verdict((Long) result.r1);
    }
  }

  /**
   * A region goes offline while its block is freed, of an order picked at random: the free wins,
   * and a page that is asked for afterwards is forbidden.
   */
  @JCStressTest
  @State
  @Outcome(id = "true, -1, sound", expect = ACCEPTABLE, desc = "freed, and not handed out again")
  @Outcome(expect = FORBIDDEN, desc = "the free is refused or lost, or the block handed out again")
  public static class OfflineAndFree {

    private final int order = Memory.pickOrder();
    private final Memory memory = new Memory(1 << order);
    private final long block = memory.take(order);

    /** Frees the block. */
    @Actor
    public void free(ZLL_Result result) {
      result.r1 = memory.give(block);
    }

    /** Takes the region offline and asks for a page. */
    @Actor
    public void offline(ZLL_Result result) {
      memory.offline(0);
      result.r2 = memory.take(0);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(ZLL_Result result) {
      memory.online(0);
      result.r3 = memory.verdict();
    }
  }

  /** A region goes offline and online while its block is freed: the free wins. */
  @JCStressTest
  @State
  @Outcome(id = "true, sound", expect = ACCEPTABLE, desc = "freed")
  @Outcome(expect = FORBIDDEN, desc = "the free is refused or lost")
  public static class ThereAndBackAndFree {

    private final int order = Memory.pickOrder();
    private final Memory memory = new Memory(1 << order);
    private final long block = memory.take(order);

    /** Frees the block. */
    @Actor
    public void free(ZL_Result result) {
      result.r1 = memory.give(block);
    }

    /** Takes the region offline and puts it online. */
    @Actor
    public void thereAndBack() {
      memory.offline(0);
      memory.online(0);
    }

    /** Looks at the memory. */
    @Arbiter
    public void end(ZL_Result result) {
      result.r2 = memory.verdict();
    }
  }

  /** A region is removed while its last block is freed: removed or not, the free wins. */
  @JCStressTest
  @State
  @Outcome(id = "true, true, sound", expect = ACCEPTABLE, desc = "freed and removed")
  @Outcome(id = "true, false, sound", expect = ACCEPTABLE, desc = "too early to be removed")
  @Outcome(expect = FORBIDDEN, desc = "the free is refused or lost")
  public static class RemoveAndFree {

    private final Memory memory = new Memory(2, 1);
    private final long block = memory.take(1);

    /** Frees the block. */
    @Actor
    public void free(ZZL_Result result) {
      result.r1 = memory.give(block);
    }

    /** Removes the region. */
    @Actor
    public void remove(ZZL_Result result) {
      result.r2 = memory.remove(0);
    }

    /** Adds the region if it was removed, and looks at the memory. */
    @Arbiter
    public void end(ZZL_Result result) {
      if (result.r2) {
        memory.add(0);
      }
      result.r3 = memory.verdict();
    }
  }

  /**
   * A region of two pages is removed while both are allocated, one after the other. Either there
   * are none, or both: a removal that is refused hides no page on its way.
   */
  @JCStressTest
  @State
  @Outcome(id = "-1, -1, true, sound", expect = ACCEPTABLE, desc = "removed first")
  @Outcome(
      id = {"0, 1, false, sound", "1, 0, false, sound"},
      expect = ACCEPTABLE,
      desc = "allocated first")
  @Outcome(expect = FORBIDDEN, desc = "removed with a block, or a refusal that was not due")
  public static class RemoveAndAllocate {

    private final Memory memory = new Memory(2);
    private boolean removed;

    /** Leaves a hint. */
    public RemoveAndAllocate() {
      memory.give(memory.take(0));
    }

    /** Allocates the pages. */
    @Actor
    public void allocate(LLLL_Result result) {
      result.r1 = memory.take(0);
      result.r2 = memory.take(0);
    }

    /** Removes the region. */
    @Actor
    public void remove(LLLL_Result result) {
      removed = memory.remove(0);
      result.r3 = removed;
    }

    /** Adds the region if it was removed, and looks at the memory. */
    @Arbiter
    public void end(LLLL_Result result) {
      if (removed) {
        memory.add(0);
      }
      result.r4 = memory.verdict((Long) result.r1, (Long) result.r2);
    }
  }

  /**
   * A region of a page is added, then one of a page removed: a page is free at every moment, in one
   * or the other.
   */
  @JCStressTest
  @State
  @Outcome(id = "0, false, sound", expect = ACCEPTABLE, desc = "from the first, which stays")
  @Outcome(id = "\\d+, true, sound", expect = ACCEPTABLE, desc = "from the second")
  @Outcome(expect = FORBIDDEN, desc = "refused, though a page was free at every moment")
  public static class AddAndRemove {

    private final Memory memory = new Memory(1, 1);

    /** Begins with one of the regions. */
    public AddAndRemove() {
      memory.remove(1);
    }

    /** Allocates a page. */
    @Actor
    public void allocate(JZL_Result result) {
      result.r1 = memory.take(0);
    }

    /** Replaces the one region by the other. */
    @Actor
    public void replace(JZL_Result result) {
      memory.add(1);
      result.r2 = memory.remove(0);
    }

    /** Adds the region if it was removed, and looks at the memory. */
    @Arbiter
    public void end(JZL_Result result) {
      if (result.r2) {
        memory.add(0);
      }
      result.r3 = memory.verdict(result.r1);
    }
  }
}
