package dev.twofold.bench;

import java.util.function.IntFunction;

/**
 * An allocator under test, which threads draw on together, each through a source of its own. One
 * that is confined to a thread makes an allocator for every source, on the thread that opens it.
 *
 * @param sources opens a source for a number of slots
 * @param closer gives everything back once all sources are closed
 */
record PageHeap(IntFunction<PageSource> sources, Runnable closer) implements AutoCloseable {

  /** A heap that has nothing to give back but what its sources do. */
  PageHeap(IntFunction<PageSource> sources) {
    this(sources, () -> {});
  }

  /** Opens a source with {@code slotCount} slots, to be used and closed by the calling thread. */
  PageSource source(int slotCount) {
    return sources.apply(slotCount);
  }

  /** Gives everything back; all sources are closed. */
  @Override
  public void close() {
    closer.run();
  }
}
