package dev.twofold.core;

import java.util.Arrays;

/** A fixed number of bits, all clear at first. Not thread-safe. */
final class PlainBitVector {

  private static final int WORD_SHIFT = 6;

  private final long[] words;

  PlainBitVector(int bitCount) {
    words = new long[(bitCount + Long.SIZE - 1) >>> WORD_SHIFT];
  }

  boolean get(int bit) {
    return (words[bit >>> WORD_SHIFT] >>> bit & 1) != 0;
  }

  void set(int bit) {
    words[bit >>> WORD_SHIFT] |= 1L << bit;
  }

  void clear(int bit) {
    words[bit >>> WORD_SHIFT] &= ~(1L << bit);
  }

  /** Returns how many of the bits [from, to) are set, in time linear in their number. */
  int count(int from, int to) {
    int count = 0;
    for (int bit = from; bit < to; bit++) {
      count += get(bit) ? 1 : 0;
    }
    return count;
  }

  /** Returns a hash of all bits. */
  long digest() {
    return Arrays.hashCode(words);
  }
}
