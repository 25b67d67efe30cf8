package dev.twofold.core;

/**
 * Words for any number of threads, which let something else happen once, just before a word of a
 * tree is read, swapped or filled: what another thread may do between two steps of this one. So a
 * race is the same each time, and needs no luck.
 */
final class SteppedWords extends Words {

  private static final int NOWHERE = -1;

  private volatile int tree;
  private volatile int readIndex = NOWHERE;
  private volatile int swapIndex = NOWHERE;
  private volatile int fillIndex = NOWHERE;
  private volatile Runnable step = SteppedWords::nothing;

  /** Lets something happen before the word of that index, in the tree of that number, is read. */
  void beforeRead(int ofTree, int index, Runnable once) {
    set(ofTree, index, NOWHERE, NOWHERE, once);
  }

  /** Lets something happen before somebody tries to replace the word. */
  void beforeSwap(int ofTree, int index, Runnable once) {
    set(ofTree, NOWHERE, index, NOWHERE, once);
  }

  /** Lets something happen before the word, which is begun, is filled. */
  void beforeFill(int ofTree, int index, Runnable once) {
    set(ofTree, NOWHERE, NOWHERE, index, once);
  }

  /** Returns whether nothing is to happen any more. */
  boolean hasHappened() {
    return readIndex == NOWHERE && swapIndex == NOWHERE && fillIndex == NOWHERE;
  }

  @Override
  boolean swap(long[] words, int index, long expected, long replacement) {
    if (index == swapIndex && TreeWords.number(words) == tree) {
      happen();
    }
    return SHARED.swap(words, index, expected, replacement);
  }

  @Override
  long word(long[] words, int index) {
    if (index == readIndex && TreeWords.number(words) == tree) {
      happen();
    }
    return SHARED.word(words, index);
  }

  @Override
  void fill(long[] words, int index, long word) {
    if (index == fillIndex && TreeWords.number(words) == tree) {
      happen();
    }
    super.fill(words, index, word);
  }

  private void set(int ofTree, int read, int swap, int fill, Runnable once) {
    tree = ofTree;
    step = once;
    readIndex = read;
    swapIndex = swap;
    fillIndex = fill;
  }

  private void happen() {
    Runnable once = step;
    set(0, NOWHERE, NOWHERE, NOWHERE, SteppedWords::nothing);
    once.run();
  }

  private static void nothing() {}
}
