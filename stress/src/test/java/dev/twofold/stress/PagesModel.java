package dev.twofold.stress;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * Two pages, each a tree of its own. Which page a request gets is open, whether it gets one is not:
 * it is refused if and only if both are allocated at the moment where it takes effect.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class PagesModel {

  private final Memory memory = new Memory(1, 1);
  private final Holdings holdings = new Holdings(memory);

  /** Allocates a page; returns whether there was one. */
  @Operation
  public boolean allocate(@Param(name = "thread") int thread) {
    return holdings.allocate(thread, 0);
  }

  /** Frees the page that the thread allocated last, if it has one; returns whether it has. */
  @Operation
  public boolean free(@Param(name = "thread") int thread) {
    return holdings.free(thread);
  }

  /** Drains, which nobody may notice. */
  @Operation
  public void drain() {
    memory.drain();
  }

  /** What the pages do one after the other. */
  public static class Specification {

    private final int[] held = new int[Holdings.THREADS];
    private int free = 2;

    /** Takes a page if one is left. */
    public boolean allocate(int thread) {
      if (free == 0) {
        return false;
      }
      free--;
      held[thread]++;
      return true;
    }

    /** Gives a page back. */
    public boolean free(int thread) {
      if (held[thread] == 0) {
        return false;
      }
      free++;
      held[thread]--;
      return true;
    }

    /** Does nothing. */
    public void drain() {}
  }
}
