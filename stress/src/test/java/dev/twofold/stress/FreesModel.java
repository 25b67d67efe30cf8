package dev.twofold.stress;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * Four blocks that any thread may free, more than once: of all frees of a block the first one wins,
 * all others are refused.
 */
@Param(name = "block", gen = IntGen.class, conf = "0:3")
public class FreesModel {

  private static final int BLOCKS = 4;

  private final Memory memory = new Memory(BLOCKS);
  private final long[] blocks = new long[BLOCKS];

  /** Allocates the blocks. */
  public FreesModel() {
    for (int block = 0; block < BLOCKS; block++) {
      blocks[block] = memory.take(0);
    }
  }

  /** Frees a block; returns whether it was allocated. */
  @Operation
  public boolean free(@Param(name = "block") int block) {
    return memory.give(blocks[block]);
  }

  /** Drains, which nobody may notice. */
  @Operation
  public void drain() {
    memory.drain();
  }

  /** What the blocks do one after the other. */
  public static class Specification {

    private final boolean[] freed = new boolean[BLOCKS];

    /** Wins once. */
    public boolean free(int block) {
      boolean wins = !freed[block];
      freed[block] = true;
      return wins;
    }

    /** Does nothing. */
    public void drain() {}
  }
}
