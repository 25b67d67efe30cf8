package dev.twofold.core;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The engine for any number of threads.
 *
 * <p><b>Caches</b> are bounded in number and belong to no thread for good. A thread takes one of
 * the four that its id points at, if one is free or its owner has ended, and goes to the trees
 * directly as long as there is none. So threads may come and go, be many or virtual, and strand
 * nothing.
 *
 * <p><b>Pressure.</b> A request that no tree can serve takes all cached blocks back into the trees,
 * where they merge, and asks again; meanwhile no thread gets a cache. It is refused only if nothing
 * was pushed into any cache from before they were drained until after the index refused. At the
 * moment of that refusal all free memory stood in the trees, and no tree could serve the request.
 */
final class SharedEngine extends Engine {

  private static final int CACHES_PER_PROCESSOR = 4;
  private static final int MIN_CACHES = 16;
  private static final int PROBES = 4;

  private final TreeArray trees;
  private final BlockCache[] caches;

  /** How many requests are draining the caches now. */
  private final AtomicInteger pressure = new AtomicInteger();

  /** The pushes into each cache that its last drain saw; guarded by this engine's monitor. */
  private final long[] drained;

  SharedEngine(TreeArray trees) {
    super(trees);
    this.trees = trees;
    int processors = Runtime.getRuntime().availableProcessors();
    int wanted = Math.max(MIN_CACHES, CACHES_PER_PROCESSOR * processors);
    caches = new BlockCache[Integer.highestOneBit(wanted)];
    Arrays.setAll(caches, cache -> new BlockCache());
    drained = new long[caches.length];
  }

  @Override
  BlockCache cache() {
    if (pressure.getPlain() != 0) {
      return BlockCache.NO_CACHE;
    }
    Thread thread = Thread.currentThread();
    BlockCache cache = probe(thread.threadId(), 0);
    return cache.isOwnedBy(thread.threadId()) ? cache : cacheElsewhere(thread);
  }

  @Override
  void requireAccess() {}

  @Override
  synchronized void drain() {
    for (int cache = 0; cache < caches.length; cache++) {
      long pushes = caches[cache].pushes();
      if (pushes != drained[cache]) {
        drain(caches[cache]);
        drained[cache] = pushes;
      }
    }
  }

  @Override
  long cachedFrees() {
    return Arrays.stream(caches).mapToLong(BlockCache::frees).sum();
  }

  @Override
  long allocateUnderPressure(int order) {
    pressure.incrementAndGet();
    try {
      long before;
      long page;
      do {
        before = pushes();
        drain();
        page = trees.allocate(order, BlockCache.NO_CACHE);
      } while (page == NO_PAGE && pushes() != before);
      return page;
    } finally {
      pressure.decrementAndGet();
    }
  }

  private long pushes() {
    long pushes = 0;
    for (BlockCache cache : caches) {
      pushes += cache.pushes();
    }
    return pushes;
  }

  private BlockCache probe(long threadId, int distance) {
    return caches[(int) (threadId + distance) & (caches.length - 1)];
  }

  private BlockCache cacheElsewhere(Thread thread) {
    for (int distance = 1; distance < PROBES; distance++) {
      BlockCache cache = probe(thread.threadId(), distance);
      if (cache.isOwnedBy(thread.threadId())) {
        return cache;
      }
    }
    for (int distance = 0; distance < PROBES; distance++) {
      BlockCache cache = probe(thread.threadId(), distance);
      if (cache.adopt(thread)) {
        return cache;
      }
    }
    return BlockCache.NO_CACHE;
  }
}
