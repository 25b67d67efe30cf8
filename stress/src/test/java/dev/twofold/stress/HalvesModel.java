package dev.twofold.stress;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * One block that is handed out whole or in halves. The whole is free if and only if both halves
 * are, at one moment: so each merge takes effect with the free that makes it possible, however late
 * words heal.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public abstract class HalvesModel {

  private final int order;
  private final Memory memory;
  private final Holdings holdings;

  HalvesModel(int order) {
    this.order = order;
    memory = new Memory(1 << order);
    holdings = new Holdings(memory);
  }

  /** Allocates the whole; returns whether it was free. */
  @Operation
  public boolean allocateWhole(@Param(name = "thread") int thread) {
    return holdings.allocate(thread, order);
  }

  /** Allocates a half; returns whether there was one. */
  @Operation
  public boolean allocateHalf(@Param(name = "thread") int thread) {
    return holdings.allocate(thread, order - 1);
  }

  /** Frees the block that the thread allocated last, if it has one; returns whether it has. */
  @Operation
  public boolean free(@Param(name = "thread") int thread) {
    return holdings.free(thread);
  }

  /** Drains, which nobody may notice. */
  @Operation
  public void drain() {
    memory.drain();
  }

  /** Two pages of a word. */
  public static class OfWord extends HalvesModel {

    /** Makes the memory. */
    public OfWord() {
      super(1);
    }
  }

  /** A word of pages, which heals to a place of its unit's word. */
  public static class OfPages extends HalvesModel {

    /** Makes the memory. */
    public OfPages() {
      super(5);
    }
  }

  /** A unit, which heals to a place of the upper tiers. */
  public static class OfUnit extends HalvesModel {

    /** Makes the memory. */
    public OfUnit() {
      super(9);
    }
  }

  /** What the halves do one after the other. */
  public static class Specification {

    private static final int WHOLE = 2;

    /** What each thread holds, in halves, as digits of base 4; the last one is the lowest. */
    private final long[] held = new long[Holdings.THREADS];

    private int free = WHOLE;

    /** Takes both halves if they are free. */
    public boolean allocateWhole(int thread) {
      return allocate(thread, WHOLE);
    }

    /** Takes a half if one is free. */
    public boolean allocateHalf(int thread) {
      return allocate(thread, 1);
    }

    /** Gives back what was taken last. */
    public boolean free(int thread) {
      int halves = (int) (held[thread] & 3);
      held[thread] >>>= 2;
      free += halves;
      return halves != 0;
    }

    /** Does nothing. */
    public void drain() {}

    private boolean allocate(int thread, int halves) {
      if (free < halves) {
        return false;
      }
      free -= halves;
      held[thread] = (held[thread] << 2) | halves;
      return true;
    }
  }
}
