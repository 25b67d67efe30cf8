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

  /** Used by one request after another; guarded by the lock. */
  private final RunSearch search = new RunSearch();

  /** Makes a tree that is not laid out; see {@link TreeParts}. */
  RunParts(
      TreeLayout layout, int number, int height, Consumer<long[]> wordsReader, SharedParts shared) {
    super(layout, number, height, wordsReader, shared);
  }

  /** Returns whether blocks are allocated from the tree; the caller holds the lock. */
  final boolean isOnline() {
    return online;
  }

  /** Returns whether something was allocated from the tree once; the caller holds the lock. */
  final boolean isLaidOut() {
    return tree != null;
  }

  /** Returns what the indexes and cursors name the tree by. */
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
      open.freeRuns().tell(search);
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
   * Tells the index what is free; the caller holds the lock. For trees that served nothing though
   * the index named them.
   */
  final void tellIndex() {
    runIndex.look(number);
    settleUnits();
    tellLooked();
  }

  private void tellLooked() {
    Units open = units;
    if (!online) {
      runIndex.lower(number);
    } else if (open == null) {
      runIndex.tell(number, layout.pageCount(), layout.pageCount(), layout.pageCount());
    } else {
      FreeRuns free = open.freeRuns();
      int longest = free.longest();
      runIndex.tell(number, free.atStart(), free.atEnd(), longest);
    }
  }

  /** Checks that the index does not stand for less than is free; the caller holds the lock. */
  final void validateRuns() {
    Units open = units;
    if (open != null) {
      FreeRuns free = open.freeRuns();
      free.changeAll(); // Blocks were allocated since by those who do not tell.
      int longest = free.longest();
      runIndex.validate(number, free.atStart(), free.atEnd(), longest);
    } else if (online) {
      runIndex.validate(number, layout.pageCount(), layout.pageCount(), layout.pageCount());
    }
  }

  /**
   * Allocates pages side by side anywhere in the tree, without any other lock: from the unit that
   * served last, if it can. Returns the first or NONE.
   */
  final long allocateRun(long pageCount, long alignmentPages) {
    long stamp = lockUnkept();
    try {
      int page = allocateNearby(pageCount, alignmentPages);
      return page == Tree.NONE
          ? allocateFound(search.of(pageCount, alignmentPages))
          : spanPage() + page;
    } finally {
      unlockUnkept(stamp);
    }
  }

  /** Allocates pages side by side, without any other lock; returns the first or NONE. */
  final long allocateRun(RunRequest request) {
    long stamp = lockUnkept();
    try {
      return allocateRunUnderLock(request);
    } finally {
      unlockUnkept(stamp);
    }
  }

  private int allocateNearby(long pageCount, long alignmentPages) {
    Units open = units;
    int unitPages = Math.min(Tiers.UNIT_PAGES, Orders.pages(layout.height()));
    if (open == null || pageCount >= unitPages || alignmentPages > unitPages) {
      return Tree.NONE;
    }
    int count = (int) pageCount;
    int alignment = (int) alignmentPages;
    int page = open.freeRuns().findNearby(count, alignment);
    while (page != Tree.NONE && !claimRun(page, page + count)) {
      page = open.freeRuns().findNearby(count, alignment);
    }
    if (page != Tree.NONE) {
      runs().finish(page, count);
    }
    return page;
  }

  /** Allocates pages side by side; returns the first or NONE. The caller holds the lock. */
  final long allocateRunUnderLock(RunRequest request) {
    return allocateFound(search.of(request));
  }

  /** If nothing is found the search is made again, for the index to know that it is in vain. */
  private long allocateFound(RunSearch search) {
    long page = claimFound(search);
    if (page != Tree.NONE) {
      return page;
    }
    runIndex.look(number);
    page = claimFound(search.again());
    if (page == Tree.NONE) {
      tellLooked();
      if (search.covers(firstPage(), endPage())) {
        runIndex.limit(number, search.alignmentOrder(), search.pageCount());
      }
    }
    return page;
  }

  private long claimFound(RunSearch search) {
    settleUnits();
    tell(search);
    while (search.isFound()) {
      int page = pageInTree(search.found());
      int end = page + (int) search.pageCount();
      if (claimRun(page, end)) {
        runs().finish(page, search.pageCount());
        Units open = laidOut();
        serveFrom(open, (end - 1) >>> Tiers.UNIT_ORDER);
        publish(open.largestFreeOrder());
        return search.found();
      }
      settleUnits();
      tell(search.again());
    }
    return Tree.NONE;
  }

  /** Lets runs be taken from another unit; the one before is settled, as its place may be wrong. */
  private static void serveFrom(Units open, int unit) {
    int before = open.freeRuns().servingUnit();
    if (before != unit) {
      open.freeRuns().setServingUnit(unit);
      if (before != Tree.NONE) {
        open.settle(before);
      }
    }
  }

  /**
   * Notes that pages of a run were freed in a unit. As with blocks, those in a dense one may serve
   * again at once, and others are merged when it is worth it.
   */
  private void noteFreed(Units open, int page, int count) {
    long[] words = Objects.requireNonNull(tree, "there is no tree").words();
    int unit = page >>> Tiers.UNIT_ORDER;
    if (ReturnedUnits.add(access, words, unit, runIndex)) {
      open.freeRuns().noteFreed(unit);
    } else if (unit != open.freeRuns().servingUnit()) {
      int home = ReturnedUnits.addWorthwhile(access, words, unit, count, page);
      if (home != ReturnedUnits.NONE) {
        open.settleWorthwhile(home, false);
      }
    }
  }

  private void settleUnits() {
    Units open = units;
    if (open != null && open.settleAll()) {
      publish(open.largestFreeOrder());
    }
  }

  /**
   * Takes pages for a run, or changes nothing; the caller holds the lock, and the tree is online.
   * What is not merged need not be found free.
   *
   * <p>Pages in a unit that is broken up are taken as blocks are: the unit may stand for more than
   * it has from now on. Else whole units are taken, if only for a while, which counts as a
   * settlement, so that nobody is refused for what is given back.
   */
  final boolean claimRun(int from, int to) {
    Units open = laidOut();
    Tree whole = Objects.requireNonNull(tree, "there is no tree");
    boolean inside = isInUnit(from, to) && whole.isBroken(from >>> Tiers.UNIT_ORDER);
    if (!inside) {
      countSettlement();
    }
    boolean claimed = whole.runs().claim(from, to);
    if (!claimed) {
      open.settleAllOf(from, to);
    } else if (inside) {
      open.freeRuns().change(from >>> Tiers.UNIT_ORDER);
    } else {
      open.settleBorders(from, to);
    }
    publish(open.largestFreeOrder());
    return claimed;
  }

  /** Frees pages of a run, online or not; the caller holds the lock. */
  final void releaseRun(int from, int to) {
    Tree whole = Objects.requireNonNull(tree, "there is no tree");
    int unit = from >>> Tiers.UNIT_ORDER;
    int count = ((to - 1) >>> Tiers.UNIT_ORDER) - unit + 1;
    ReturnedUnits.touch(access, whole.words(), unit, count);
    if (!online) {
      whole.runs().release(from, to);
      return;
    }
    Units open = laidOut();
    if (isInUnit(from, to)) {
      whole.runs().release(from, to);
      noteFreed(open, from, to - from);
    } else {
      countSettlement();
      whole.runs().release(from, to);
      open.settleBorders(from, to);
      runIndex.raise(number);
    }
    publish(open.largestFreeOrder());
  }

  /** Returns whether the pages are some of one unit, but not all. */
  private static boolean isInUnit(int from, int to) {
    return to - from < Tiers.UNIT_PAGES
        && from >>> Tiers.UNIT_ORDER == (to - 1) >>> Tiers.UNIT_ORDER;
  }

  /**
   * Undoes the last {@link #claimRun}; the caller holds the lock. Counts as a settlement: somebody
   * may have counted meanwhile what is free, so that the index does not know of these pages.
   */
  final void takeBackRun(int from, int to) {
    countSettlement();
    Units open = laidOut();
    Objects.requireNonNull(tree, "there is no tree").runs().takeBack(from, to);
    open.settleBorders(from, to);
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
