package dev.twofold.cli.replay;

import dev.twofold.cli.progress.Progress;
import org.agrona.collections.LongArrayList;

/**
 * Operations for one thread, in order, each packed into a {@code long} that is not negative.
 *
 * <pre>
 *   bit  63..38   37      36..32   31..0
 *        zero     free?   order    block
 * </pre>
 */
final class Lane implements Operations {

  private static final int ORDER_SHIFT = Integer.SIZE;
  private static final int ORDER_MASK = 31;
  private static final long FREE = 1L << 37;
  private static final int OPERATIONS_PER_STEP = 1 << 12;

  private final LongArrayList operations = new LongArrayList();

  /** Appends an allocation. */
  @Override
  public void allocate(int block, int order) {
    operations.addLong((long) order << ORDER_SHIFT | block);
  }

  /** Appends a free. */
  @Override
  public void free(int block) {
    operations.addLong(FREE | block);
  }

  int size() {
    return operations.size();
  }

  /** Has all operations carried out, in order, and tells of each. */
  void play(Operations player, Progress progress) {
    for (int index = 0; index < operations.size(); index++) {
      play(operations.getLong(index), player);
      if ((index + 1) % OPERATIONS_PER_STEP == 0) {
        progress.advance(OPERATIONS_PER_STEP);
      }
    }
    progress.advance(operations.size() % OPERATIONS_PER_STEP);
  }

  private static void play(long operation, Operations player) {
    int block = (int) operation;
    if ((operation & FREE) == 0) {
      player.allocate(block, (int) (operation >>> ORDER_SHIFT) & ORDER_MASK);
    } else {
      player.free(block);
    }
  }
}
