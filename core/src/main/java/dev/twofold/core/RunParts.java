package dev.twofold.core;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a tree does for runs, which may go on in other trees, so that others see to the locks: who
 * calls any of this holds the lock of the tree, and the one that lets no units be kept from
 * everybody, as such units look like blocks of runs.
 */
abstract class RunParts extends TreeParts {

  /** Whether blocks are allocated from the tree; guarded by the lock. */
  boolean online;

  /** Makes a tree that is not laid out; see {@link TreeParts}. */
  RunParts(
      TreeLayout layout,
      LargestOrderIndex index,
      int number,
      int height,
      Consumer<long[]> wordsReader,
      Words access,
      Patience patience) {
    super(layout, index, number, height, wordsReader, access, patience);
  }

  /** Returns whether blocks are allocated from the tree; the caller holds the lock. */
  final boolean isOnline() {
    return online;
  }

  /** Returns whether something was allocated from the tree once; the caller holds the lock. */
  final boolean isLaidOut() {
    return tree != null;
  }

  /** Returns the next tree's number, this or further up or down, that seems to serve an order. */
  final int nextServing(int order, boolean down) {
    return index.nextWith(order, number, down);
  }

  /** Returns what the index and cursors name the tree by. */
  final int number() {
    return number;
  }

  /**
   * Tells a search what is free, nothing if the tree is offline; the caller holds the lock and has
   * settled all.
   */
  final void tell(RunSearch search) {
    Units open = units;
    if (!online) {
      search.end();
    } else if (open != null) {
      open.freeRuns().tell(search, spanPage());
    } else {
      long end = spanPage() + Orders.pages(layout.height());
      long behind = end - endPage();
      search.begin(spanPage(), end);
      search.taken(search.isTopDown() ? behind : layout.firstPage());
      search.free(layout.pageCount());
      search.taken(search.isTopDown() ? layout.firstPage() : behind);
    }
  }

  /** Returns how many pages are free side by side at most; the caller holds the lock. */
  final int longestRun() {
    Units open = units;
    return open == null ? layout.pageCount() : open.freeRuns().longest();
  }

  /** Counts the free pages, unit by unit; the caller holds the lock and has settled all. */
  final long countFreePages() {
    Units open = units;
    if (open == null) {
      return layout.pageCount();
    }
    long pages = open.countFreePages();
    publish(open.largestFreeOrder());
    return pages;
  }

  /**
   * Takes pages for a run, or changes nothing; the caller holds the lock and has settled all, and
   * the tree is online.
   */
  final boolean claimRun(int from, int to) {
    Units open = laidOut();
    boolean claimed = open.claimRun(from, to);
    publish(open.largestFreeOrder());
    return claimed;
  }

  /** Frees pages of a run, online or not; the caller holds the lock. */
  final void releaseRun(int from, int to) {
    Tree whole = Objects.requireNonNull(tree, "there is no tree");
    int unit = from >>> Tiers.UNIT_ORDER;
    int units = ((to - 1) >>> Tiers.UNIT_ORDER) - unit + 1;
    ReturnedUnits.touch(access, whole.words(), unit, units);
    if (online) {
      Units open = laidOut();
      open.releaseRun(from, to);
      publish(open.largestFreeOrder());
    } else {
      whole.runs().release(from, to);
    }
  }

  /** Undoes the last {@link #claimRun}; the caller holds the lock. */
  final void takeBackRun(int from, int to) {
    Units open = laidOut();
    open.takeBackRun(from, to);
    publish(open.largestFreeOrder());
  }

  /** Returns the runs, to look at and to mark; the caller holds the lock. */
  final TreeRuns runs() {
    Tree whole = tree;
    return whole == null ? new TreeRuns(access, TreeWords.NOTHING, layout.height()) : whole.runs();
  }

  /** Returns the absolute page of the block, not of a run, that the page lies in, or NONE. */
  final long blockAround(long page) {
    Tree whole = tree;
    int start =
        whole == null ? Tree.NONE : BlockHeads.startAround(access, whole.words(), pageInTree(page));
    return start == Tree.NONE ? Tree.NONE : spanPage() + start;
  }

  /** Returns the absolute number of the first page that the tree covers. */
  final long firstPage() {
    return spanPage() + layout.firstPage();
  }

  /** Returns the absolute number of the page behind the last that the tree covers. */
  final long endPage() {
    return spanPage() + layout.endPage();
  }
}
