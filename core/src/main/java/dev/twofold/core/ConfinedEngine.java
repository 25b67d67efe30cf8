package dev.twofold.core;

/**
 * The engine for one thread, the one that makes it: one cache, and states that change by plain
 * stores. The trees' locks are taken only to fill and empty the cache, and are never contended.
 */
final class ConfinedEngine extends Engine {

  private final TreeArray trees;
  private final String ownerName = Thread.currentThread().getName();
  private final long ownerId = Thread.currentThread().threadId();
  private final BlockCache cache = new BlockCache();

  ConfinedEngine(TreeArray trees) {
    super(trees);
    this.trees = trees;
  }

  @Override
  BlockCache cache() {
    requireAccess();
    return cache;
  }

  @Override
  void requireAccess() {
    if (Thread.currentThread().threadId() != ownerId) {
      throw new WrongThreadException("the allocator is confined to thread %s".formatted(ownerName));
    }
  }

  @Override
  void drain() {
    drain(cache());
  }

  @Override
  long cachedFrees() {
    return cache().frees();
  }

  @Override
  long allocateUnderPressure(int order) {
    drain();
    return trees.allocate(order, BlockCache.NO_CACHE);
  }
}
