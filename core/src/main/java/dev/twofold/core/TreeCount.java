package dev.twofold.core;

/** Counts the blocks of a tree, from word to word, as each tells at one moment. */
final class TreeCount {

  private final TreeLayout layout;
  private final Words access;
  private final long[] words;

  TreeCount(TreeLayout layout, Words access, long[] words) {
    this.layout = layout;
    this.access = access;
    this.words = words;
  }

  /** Adds the blocks; those of runs are allocated, and counted by themselves as well. */
  void addTo(Tally tally) {
    for (int tier = Tiers.TOP; tier >= Tiers.UNITS; tier--) {
      int pages = Orders.pages(Tiers.placeOrder(tier + 1));
      for (int page = 0; page < layout.endPage(); page += pages) {
        int index = Tiers.word(tier, page);
        long word = access.word(words, index);
        if (word != 0) {
          addTo(tally, tier, index, word);
        }
      }
    }
    subtractUncovered(tally.allocatedBlocks, Tiers.TOP, 0);
  }

  /** What a unit's word leads to is counted after it, so each page is counted once. */
  private void addTo(Tally tally, int tier, int index, long word) {
    int inRuns = BlockHeads.runPlaces(access, words, tier, index, word);
    tally.runBlocks += Integer.bitCount(inRuns);
    BuddyWord.addTo(
        word,
        inRuns,
        Tiers.places(tier),
        Tiers.placeOrder(tier),
        tally.freeBlocks,
        tally.allocatedBlocks);
    int leading = tier == Tiers.UNITS ? UnitWord.leadingPlaces(word) : 0;
    for (int below = Tiers.firstPageWordBeside(index); leading != 0; leading >>>= 1) {
      if ((leading & 1) != 0) {
        long pages = PageWords.assumed(access.word(words, below), leading);
        addTo(tally, Tiers.PAGES, below, pages);
      }
      below++;
    }
  }

  /** Adds the allocated blocks and runs, by address; a run of the tree before is lengthened. */
  void addTo(AllocatedBlocks blocks, TreeRuns runs) {
    int first = layout.firstPage();
    if (runs.continues(first)) {
      blocks.lengthen(runs.end(first) - first);
    }
    for (int page = first; page < layout.endPage(); ) {
      int order = BlockHeads.orderAt(access, words, page);
      int end = order == BlockHeads.NONE ? page : page + Orders.pages(order);
      end = runs.starts(page) ? runs.end(page) : end;
      if (end > page) {
        blocks.add(layout.spanPage() + page, end - page);
      }
      page = Math.max(page + 1, end);
    }
  }

  /** Takes places that are not covered, and look allocated, out of the counts. */
  private void subtractUncovered(long[] allocatedBlocks, int tier, int page) {
    int placeOrder = Tiers.placeOrder(tier);
    int placePages = Orders.pages(placeOrder);
    for (int place = 0; place < Tiers.places(tier); place++) {
      int start = page + place * placePages;
      if (start >= layout.endPage() || start + placePages <= layout.firstPage()) {
        allocatedBlocks[placeOrder]--;
      } else if (start < layout.firstPage() || start + placePages > layout.endPage()) {
        subtractUncovered(allocatedBlocks, tier - 1, start);
      }
    }
  }
}
