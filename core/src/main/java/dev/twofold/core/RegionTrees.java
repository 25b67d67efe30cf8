package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A region at work: its pages, cut into trees, and whether blocks are allocated from it.
 *
 * <p>While it is online, threads find words in its table and allocate and free without any lock.
 * While it is offline, the table is empty, so whoever frees comes here, and blocks are counted
 * down.
 *
 * <p>Safe for use by any thread: guarded by itself, and under that by the locks of the trees.
 */
final class RegionTrees {

  private final Region region;
  private final Optional<MemorySegment> memory;
  private final int pageShift;
  private final PageRange pages;
  private final long[][] words;
  private final LockedTree[] trees;
  private final RegionRuns runs;

  /** Completed when no block is allocated; null while online. */
  private @Nullable CompletableFuture<Void> evacuation = done();

  /** The allocated blocks while offline. */
  private long blocksLeft;

  /** Adds the trees of a region to an array; the region is offline. */
  RegionTrees(Region region, int pageShift, TreeArray array) {
    this.region = region;
    this.pageShift = pageShift;
    memory = region.memory();
    pages = PageRange.within(region, pageShift);
    words = TreeWords.table(Math.toIntExact(pages.treeCount()));
    trees = array.add(pages.layouts(region.startsZeroed()), words);
    runs = new RegionRuns(trees);
  }

  Region region() {
    return region;
  }

  PageRange pages() {
    return pages;
  }

  /** Returns the trees, in the order of their pages. */
  LockedTree[] trees() {
    return trees;
  }

  /** Returns the runs. */
  RegionRuns runs() {
    return runs;
  }

  /** Returns the table of the trees' words, in the order of their pages. */
  long[][] words() {
    return words;
  }

  /** Returns the words of the tree that covers {@code page}. */
  long[] wordsOf(long page) {
    return TreeWords.of(words, pages.treeOf(page));
  }

  /** Returns {@code sizeBytes} of the memory at {@code address}. */
  MemorySegment memory(long address, long sizeBytes) {
    return memory.orElseThrow().asSlice(address - region.address(), sizeBytes);
  }

  synchronized boolean isOnline() {
    return evacuation == null;
  }

  /**
   * Frees the block or run at {@code page}; returns whether one starts there. Whoever frees the
   * last one of a region that is offline tells those who wait for it, with no lock held. Online
   * nothing is counted: who goes offline counts under the locks of the trees.
   */
  boolean free(long page) {
    return runs.freeOnline(page) || freeCounting(page);
  }

  private boolean freeCounting(long page) {
    CompletableFuture<Void> evacuated = null;
    synchronized (this) {
      if (!runs.free(page)) {
        return false;
      }
      if (evacuation != null && --blocksLeft == 0) {
        evacuated = evacuation;
      }
    }
    if (evacuated != null) {
      evacuated.complete(null);
    }
    return true;
  }

  /** Lets blocks be allocated. */
  synchronized void putOnline() {
    if (evacuation != null) {
      LockedTree.locked(trees, this::putTreesOnline);
      evacuation = null;
    }
  }

  /** Lets no block be allocated any more. */
  synchronized void takeOffline() {
    if (evacuation == null) {
      blocksLeft = LockedTree.locked(trees, this::takeTreesOffline).count();
      evacuation = blocksLeft == 0 ? done() : new CompletableFuture<>();
    }
  }

  /**
   * Takes the region offline if no block is allocated; returns those that are. Nobody sees it
   * offline before that is known: a request that comes in the meantime waits for the trees.
   */
  synchronized AllocatedBlocks vacate() {
    AllocatedBlocks blocks = LockedTree.locked(trees, this::vacateTrees);
    if (blocks.count() == 0 && evacuation == null) {
      evacuation = done();
    }
    return blocks;
  }

  /** Returns what completes when no block is allocated, or null if online. */
  synchronized @Nullable CompletableFuture<Void> evacuation() {
    return evacuation;
  }

  private static CompletableFuture<Void> done() {
    return CompletableFuture.completedFuture(null);
  }

  /** Looks first and lets hints and units in use alone if a block is found. */
  private AllocatedBlocks vacateTrees() {
    AllocatedBlocks blocks = allocatedBlocks();
    if (blocks.count() == 0 && evacuation == null) {
      blocks = takeTreesOffline();
      if (blocks.count() != 0) {
        putTreesOnline();
      }
    }
    return blocks;
  }

  private AllocatedBlocks takeTreesOffline() {
    for (LockedTree tree : trees) {
      tree.takeOffline();
    }
    return allocatedBlocks();
  }

  private int putTreesOnline() {
    for (LockedTree tree : trees) {
      tree.putOnline();
    }
    return trees.length;
  }

  private AllocatedBlocks allocatedBlocks() {
    AllocatedBlocks blocks = new AllocatedBlocks(pageShift);
    for (LockedTree tree : trees) {
      tree.addTo(blocks);
    }
    return blocks;
  }

  /** Clears those of the pages, allocated just now, that are not known to read as zero. */
  void clear(long firstPage, long pageCount) {
    long end = firstPage + pageCount;
    long dirty = firstPage;
    for (long page = firstPage; page < end; ) {
      long next = Math.min(end, (page | (Tiers.UNIT_PAGES - 1)) + 1);
      if (treeOf(page).isZero(page)) {
        fillWithZero(dirty, page);
        dirty = next;
      }
      page = next;
    }
    fillWithZero(dirty, end);
  }

  private void fillWithZero(long from, long to) {
    if (from < to) {
      memory(from << pageShift, (to - from) << pageShift).fill((byte) 0);
    }
  }

  /** Returns the tree that covers {@code page}. */
  LockedTree treeOf(long page) {
    return trees[pages.treeOf(page)];
  }
}
