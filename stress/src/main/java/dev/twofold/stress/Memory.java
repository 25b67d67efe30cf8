package dev.twofold.stress;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.PageRequest;
import dev.twofold.core.Region;
import dev.twofold.core.Regions;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A memory so small that threads collide in it: a few pages of one byte, so that an address is a
 * page's number. What the public door throws is turned into results that a test can name.
 */
final class Memory {

  /** Returned instead of an address when there is none. */
  static final long NONE = BuddyAllocator.NO_PAGES;

  /** What {@link #verdict} says if all is well. */
  static final String SOUND = "sound";

  /** Pages from one tree's first to the next one's: each region is a tree of its own. */
  private static final long TREE_DISTANCE = 1L << BuddyAllocator.MAX_ORDER;

  private static final int[] MERGED_ORDERS = {1, 5, 9, 14};

  private final BuddyAllocator allocator;
  private final int[] treePages;

  /** Makes a memory whose pages are all free, with a tree for each number of pages. */
  Memory(int... treePages) {
    this.treePages = treePages.clone();
    allocator = allocator(treePages);
  }

  /** Returns the address of a page of a tree. */
  static long address(int tree, int page) {
    return tree * TREE_DISTANCE + page;
  }

  /**
   * Returns an order at random whose blocks merge from halves in a way of their own: within a word,
   * or from words of a lower tier. So every tier has its turn.
   */
  static int pickOrder() {
    return MERGED_ORDERS[ThreadLocalRandom.current().nextInt(MERGED_ORDERS.length)];
  }

  /** Allocates a block; returns its address or {@link #NONE}. */
  long take(int order) {
    return allocator.tryAllocatePages(order);
  }

  /** Allocates pages side by side; returns the first one's address or {@link #NONE}. */
  long takeRun(int pageCount) {
    return allocator.runs().tryAllocate(PageRequest.ofPages(pageCount));
  }

  /** Allocates pages from an address on; returns it or {@link #NONE}. */
  long takeRunAt(long address, int pageCount) {
    return allocator.runs().tryAllocate(PageRequest.ofPages(pageCount).at(address));
  }

  /** Lets a run have so many pages; returns whether it has, not if there is none. */
  boolean resize(long address, int pageCount) {
    try {
      return allocator.runs().resize(address, pageCount);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Frees a block or run; returns whether there was one. */
  boolean give(long address) {
    try {
      allocator.freePages(address);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Lets go of caches and merges what is free. */
  void drain() {
    allocator.drain();
  }

  /** Takes a tree's region offline. */
  void offline(int tree) {
    allocator.regions().offline(region(tree));
  }

  /** Puts a tree's region online. */
  void online(int tree) {
    allocator.regions().online(region(tree));
  }

  /** Adds a tree's region, which was removed. */
  void add(int tree) {
    allocator.regions().add(region(tree));
  }

  /** Removes a tree's region; returns whether no block of it was allocated. */
  boolean remove(int tree) {
    try {
      allocator.regions().remove(region(tree));
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Returns whether all pages, free and allocated ones together, are in the figures. */
  boolean countsAllPages() {
    int pages = 0;
    for (int count : treePages) {
      pages += count;
    }
    return allocator.stats().pagesTotal() == pages;
  }

  /** Returns how many pages are allocated. */
  long allocatedPages() {
    var stats = allocator.stats();
    return stats.pagesTotal() - stats.pagesFree();
  }

  /**
   * Frees blocks and says whether the memory is as it was when it was new; the others must have
   * been freed. No other thread may use it any more.
   *
   * @param held addresses of blocks; {@link #NONE} stands for none
   * @return {@link #SOUND} or what is wrong
   */
  String verdict(long... held) {
    for (long address : held) {
      if (address != NONE && !give(address)) {
        return "lost block " + address;
      }
    }
    try (BuddyAllocator fresh = allocator(treePages)) {
      allocator.drain();
      allocator.validate();
      var blocks = allocator.stats().freeBlocks();
      return blocks.equals(fresh.stats().freeBlocks()) ? SOUND : "free blocks " + blocks;
    } catch (AssertionError e) {
      return "invalid: " + e.getMessage();
    }
  }

  private static BuddyAllocator allocator(int... treePages) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().pageSizeBytes(1);
    for (int tree = 0; tree < treePages.length; tree++) {
      builder.region(region(tree, treePages));
    }
    return builder.build();
  }

  private Region region(int tree) {
    return region(tree, treePages);
  }

  private static Region region(int tree, int... treePages) {
    return Regions.addressRange(address(tree, 0), treePages[tree]);
  }
}
