package dev.twofold.core;

/**
 * Caches in front of the trees. What differs between engines is who may come and which cache a
 * thread gets.
 *
 * <p><b>Fast path.</b> To allocate is to pop a hint and claim its block, to free is to free the
 * block and push a hint: one change of a block's state each, and nothing else that another thread
 * sees.
 */
abstract class Engine {

  /** Returned instead of a page number when no block is large enough. */
  static final long NO_PAGE = TreeArray.NONE;

  private final TreeArray trees;

  Engine(TreeArray trees) {
    this.trees = trees;
  }

  /** Returns the cache that the current thread may write, or one without room; checks access. */
  abstract BlockCache cache();

  /** Throws a {@link WrongThreadException} if the current thread may not use the allocator. */
  abstract void requireAccess();

  /** Takes all cached blocks back into the trees, where they merge. */
  abstract void drain();

  /** Returns how many frees went into caches. */
  abstract long cachedFrees();

  /** Allocates when the trees alone could not; the last word. */
  abstract long allocateUnderPressure(int order);

  /** Allocates a block of {@code order}; returns its absolute page number or {@link #NO_PAGE}. */
  final long allocate(int order) {
    BlockCache cache = cache();
    long hint = cache.pop(order);
    while (hint != BlockCache.NONE) {
      LockedTree tree = trees.at(Hint.tree(hint));
      int page = Hint.page(hint);
      if (tree.states().claim(page, order)) {
        return tree.spanPage() + page;
      }
      hint = cache.pop(order);
    }
    return allocateFromTrees(order, cache);
  }

  /** Frees the block at {@code page} of {@code tree}; false if no allocated block starts there. */
  final boolean free(int tree, long page) {
    BlockCache cache = cache();
    LockedTree locked = trees.at(tree);
    int pageInTree = (int) (page - locked.spanPage());
    int order = locked.states().free(pageInTree);
    if (order == BlockStates.NONE) {
      return false;
    }
    if (!cache.push(order, Hint.of(tree, pageInTree))) {
      freePastFullCache(cache, tree, pageInTree, order);
    }
    return true;
  }

  /** Takes the blocks that {@code cache} has hints to back into the trees. */
  final void drain(BlockCache cache) {
    for (int order = 0; order <= Orders.MAX_ORDER; order++) {
      for (int index = 0; index < cache.capacity(order); index++) {
        long hint = cache.hint(order, index);
        if (hint != BlockCache.NONE) {
          trees.at(Hint.tree(hint)).takeBack(Hint.page(hint), order);
        }
      }
    }
  }

  private long allocateFromTrees(int order, BlockCache cache) {
    long page = trees.allocate(order, cache);
    return page == NO_PAGE ? allocateUnderPressure(order) : page;
  }

  /** The block is cached but has no hint yet: makes room for one, or takes the block back. */
  private void freePastFullCache(BlockCache cache, int tree, int page, int order) {
    int half = cache.capacity(order) / 2;
    if (half == 0) {
      trees.at(tree).takeBackFreed(page, order);
      return;
    }
    for (int next = 0; next < half; ) {
      LockedTree locked = trees.at(Hint.tree(cache.hint(order, next)));
      next = locked.takeBack(cache, order, next, half);
    }
    cache.dropOlderHalf(order);
    cache.push(order, Hint.of(tree, page));
  }
}
