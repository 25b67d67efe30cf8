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
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      int pages = Orders.pages(Tiers.placeOrder(tier + 1));
      for (int page = 0; page < layout.endPage(); page += pages) {
        int index = Tiers.word(tier, page);
        long word = access.word(words, index);
        if (word != 0) {
          int inRuns = BlockHeads.runPlaces(access, words, tier, index);
          tally.runBlocks += Integer.bitCount(inRuns);
          BuddyWord.addTo(
              word,
              inRuns,
              Tiers.places(tier),
              Tiers.placeOrder(tier),
              tally.freeBlocks,
              tally.allocatedBlocks);
        }
      }
    }
    subtractUncovered(tally.allocatedBlocks, Tiers.TOP, 0);
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
