package dev.twofold.core;

import java.util.List;
import java.util.stream.IntStream;

/** Something to allocate pages from: the allocator, or the plain design that it is held against. */
interface PageSupply {

  /** Returned instead of a page when there is none. */
  long NONE = -1;

  /** Allocates a block and returns its first page, or {@link #NONE}. */
  long allocate(int order);

  void free(long page);

  /** Returns the number of free blocks of each order. */
  List<Long> freeBlocks();

  /** Pages of an allocator, by the public door. */
  static PageSupply of(BuddyAllocator allocator) {
    return new PageSupply() {
      @Override
      public long allocate(int order) {
        long address = allocator.tryAllocatePages(order);
        return address == BuddyAllocator.NO_PAGES ? NONE : address / Fixtures.PAGE_BYTES;
      }

      @Override
      public void free(long page) {
        allocator.freePages(page * Fixtures.PAGE_BYTES);
      }

      @Override
      public List<Long> freeBlocks() {
        return allocator.stats().freeBlocks();
      }
    };
  }

  /** Pages of the plain design: lists that hand out first what was freed last. */
  static PageSupply plain(int pageCount) {
    PlainTree tree = new PlainTree(PlainLayout.covering(0, pageCount));
    return new PageSupply() {
      @Override
      public long allocate(int order) {
        long page = tree.allocate(order);
        return page == PlainTree.NONE ? NONE : page;
      }

      @Override
      public void free(long page) {
        if (tree.free(page) == PlainTree.NONE) {
          throw new AssertionError("page %d is not allocated".formatted(page));
        }
      }

      @Override
      public List<Long> freeBlocks() {
        long[] blocks = new long[Orders.COUNT];
        tree.addFreeBlocksTo(blocks);
        return IntStream.range(0, blocks.length).mapToObj(order -> blocks[order]).toList();
      }
    };
  }

  /** Returns the share of the free pages that lie in wholly free blocks of 2 MiB, in percent. */
  default double score() {
    List<Long> blocks = freeBlocks();
    long free = 0;
    long whole = 0;
    for (int order = 0; order < blocks.size(); order++) {
      long pages = blocks.get(order) << order;
      free += pages;
      whole += order >= Tiers.UNIT_ORDER ? pages : 0;
    }
    return 100.0 * whole / free;
  }
}
