package dev.twofold.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Allocators and regions that tests are made of. Page numbers are those of 4 KiB pages. */
final class Fixtures {

  static final long PAGE_BYTES = 4096;

  static final long KIB = 1L << 10;
  static final long MIB = 1L << 20;
  static final long GIB = 1L << 30;

  private Fixtures() {}

  /** A bare range of bytes. */
  static Region range(long address, long sizeBytes) {
    return Regions.addressRange(address, sizeBytes);
  }

  /** Memory from the operating system. */
  static Region memory(long sizeBytes) {
    return Regions.anonymous(sizeBytes);
  }

  /** A bare range of 4 KiB pages. */
  static Region pages(long firstPage, long pageCount) {
    return range(firstPage * PAGE_BYTES, pageCount * PAGE_BYTES);
  }

  static BuddyAllocator allocator(Region... regions) {
    return allocator(PAGE_BYTES, regions);
  }

  static BuddyAllocator allocator(long pageSizeBytes, Region... regions) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().pageSizeBytes(pageSizeBytes);
    Arrays.stream(regions).forEach(builder::region);
    return builder.build();
  }

  static BuddyAllocator allocatorOfPages(long firstPage, long pageCount) {
    return allocator(pages(firstPage, pageCount));
  }

  static BuddyAllocator allocatorOfMemory(long sizeBytes) {
    return allocator(memory(sizeBytes));
  }

  /** A tree of its own. */
  static Tree tree(TreeLayout layout, Words access) {
    return Tree.allFree(layout, access, layout.height(), 0);
  }

  /** Trees of a region of 4 KiB pages, online. */
  static TreeArray treesOnline(Region region) {
    TreeArray array = new TreeArray(Words.SHARED);
    new RegionTrees(region, 12, array).putOnline();
    return array;
  }

  /** Takes a region offline; returns what completes when it is evacuated. */
  static CompletableFuture<Void> evacuate(BuddyAllocator allocator, Region region) {
    allocator.regions().offline(region);
    return allocator.regions().evacuation(region);
  }

  /** Allocates so many blocks of one order. */
  static List<Long> allocate(BuddyAllocator allocator, int count, int order) {
    List<Long> blocks = new ArrayList<>();
    for (int block = 0; block < count; block++) {
      blocks.add(allocator.allocatePages(order));
    }
    return blocks;
  }

  /** Allocates blocks of one order until the allocator refuses, and sorts them by address. */
  static List<Long> allocateAll(BuddyAllocator allocator, int order) {
    List<Long> blocks = new ArrayList<>();
    for (long address = allocator.tryAllocatePages(order);
        address != BuddyAllocator.NO_PAGES;
        address = allocator.tryAllocatePages(order)) {
      blocks.add(address);
    }
    Collections.sort(blocks);
    return blocks;
  }

  static void freeAll(BuddyAllocator allocator, Iterable<Long> blocks) {
    blocks.forEach(allocator::freePages);
  }

  /** Returns the elements that are {@code offset}, offset + stride, offset + 2 strides … */
  static List<Long> every(int stride, int offset, List<Long> blocks) {
    List<Long> dealt = new ArrayList<>();
    for (int index = offset; index < blocks.size(); index += stride) {
      dealt.add(blocks.get(index));
    }
    return dealt;
  }

  /** Returns whether a block of {@code order} can be had, and gives it back. */
  static boolean serves(BuddyAllocator allocator, int order) {
    long address = allocator.tryAllocatePages(order);
    if (address == BuddyAllocator.NO_PAGES) {
      return false;
    }
    allocator.freePages(address);
    return true;
  }
}
