package dev.twofold.cli.replay;

/**
 * The blocks of a recording, numbered from 0 as they were allocated. A block is live until its last
 * frame is taken away; its number is not used again.
 */
final class Blocks {

  private final byte[] orders;
  private final int[] framesLeft;
  private int count;

  Blocks(int capacity) {
    orders = new byte[capacity];
    framesLeft = new int[capacity];
  }

  /** Adds a live block that holds all of its frames, and returns its number. */
  int add(int order) {
    int block = count++;
    orders[block] = (byte) order;
    framesLeft[block] = 1 << order;
    return block;
  }

  /** How many blocks there have been. */
  int count() {
    return count;
  }

  int order(int block) {
    return orders[block];
  }

  boolean isLive(int block) {
    return framesLeft[block] > 0;
  }

  /** Takes one frame away from a live block, and returns whether that was its last. */
  boolean loseFrame(int block) {
    return --framesLeft[block] == 0;
  }

  /** Takes all frames away. */
  void loseAllFrames(int block) {
    framesLeft[block] = 0;
  }
}
