package dev.twofold.stress;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * Runs at chosen places of eight pages, which any thread may resize or free. A place is to be had
 * if and only if all of its pages are free at the moment where the request takes effect, and of all
 * frees of a run one wins.
 */
@Param(name = "page", gen = IntGen.class, conf = "0:5")
@Param(name = "count", gen = IntGen.class, conf = "1:3")
public class RunsModel {

  private static final int PAGES = 8;

  private final Memory memory = new Memory(PAGES);

  /** Allocates pages from one on; returns whether they were free. */
  @Operation
  public boolean allocate(@Param(name = "page") int page, @Param(name = "count") int count) {
    return memory.takeRunAt(Memory.address(0, page), count) != Memory.NONE;
  }

  /** Lets the run that starts at a page have so many; returns whether it has. */
  @Operation
  public boolean resize(@Param(name = "page") int page, @Param(name = "count") int count) {
    return memory.resize(Memory.address(0, page), count);
  }

  /** Frees the run that starts at a page; returns whether there was one. */
  @Operation
  public boolean free(@Param(name = "page") int page) {
    return memory.give(Memory.address(0, page));
  }

  /** Drains, which nobody may notice. */
  @Operation
  public void drain() {
    memory.drain();
  }

  /** What the runs do one after the other. */
  public static class Specification {

    /** The pages of the run that starts at each page, or 0. */
    private final int[] counts = new int[PAGES];

    /** Takes the pages if all are free. */
    public boolean allocate(int page, int count) {
      boolean free = isFree(page, page + count);
      if (free) {
        counts[page] = count;
      }
      return free;
    }

    /** Gives pages at the end back, or takes those behind if all are free. */
    public boolean resize(int page, int count) {
      int before = counts[page];
      boolean may = before != 0 && isFree(page + before, page + count);
      if (may) {
        counts[page] = count;
      }
      return may;
    }

    /** Gives the pages back. */
    public boolean free(int page) {
      boolean any = counts[page] != 0;
      counts[page] = 0;
      return any;
    }

    /** Does nothing. */
    public void drain() {}

    private boolean isFree(int from, int to) {
      for (int page = 0; page < to; page++) {
        if (Math.max(from, page) < Math.min(to, page + counts[page])) {
          return false;
        }
      }
      return true;
    }
  }
}
