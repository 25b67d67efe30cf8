package dev.twofold.core;

/** Words for one thread that count how often one is read. */
final class CountingWords extends Words {

  private long reads;

  long reads() {
    return reads;
  }

  @Override
  boolean swap(long[] words, int index, long expected, long replacement) {
    return CONFINED.swap(words, index, expected, replacement);
  }

  @Override
  long word(long[] words, int index) {
    reads++;
    return words[index];
  }
}
