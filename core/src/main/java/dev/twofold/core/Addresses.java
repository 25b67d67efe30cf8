package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What the doors know of addresses: the tree of each, the memory behind it, and why one is refused.
 * Immutable.
 */
final class Addresses {

  private final int pageShift;
  private final AddressMap map;
  private final TreeArray trees;
  private final RunArray runs;

  /** The memory of each region; empty if there is none behind the addresses. */
  private final List<MemorySegment> memories;

  Addresses(
      int pageShift, AddressMap map, TreeArray trees, RunArray runs, List<MemorySegment> memories) {
    this.pageShift = pageShift;
    this.map = map;
    this.trees = trees;
    this.runs = runs;
    this.memories = memories;
  }

  /** Returns the tree that covers {@code address}, which must be that of a page. */
  int treeAt(long address) {
    int tree = requireCovered(address);
    if ((address & ((1L << pageShift) - 1)) != 0) {
      throw notAllocated(address);
    }
    return tree;
  }

  /** Returns the tree that covers {@code address}, or throws if none does. */
  int requireCovered(long address) {
    int tree = map.treeAt(address);
    if (tree == AddressMap.NONE) {
      trees.requireOpen();
      throw new IllegalArgumentException(
          "0x%x lies in no region of this allocator".formatted(address));
    }
    return tree;
  }

  /** Returns whether so many pages from {@code address} on, which lies in one, are of a region. */
  boolean isInRegion(long address, long pageCount) {
    long lastPage = (address >>> pageShift) + pageCount - 1;
    return lastPage <= Long.MAX_VALUE >>> pageShift
        && map.regionAt(lastPage << pageShift) == map.regionAt(address);
  }

  /** Returns a slice of the memory at {@code address}. */
  MemorySegment memory(long address, long sizeBytes) {
    requireMemory();
    MemorySegment memory = memories.get(map.regionAt(address));
    return memory.asSlice(address - memory.address(), sizeBytes);
  }

  /** Throws unless there is memory behind the addresses. */
  void requireMemory() {
    if (memories.isEmpty()) {
      throw new UnsupportedOperationException(
          "there is no memory behind a bare range of addresses; use allocatePages");
    }
  }

  /** The slow path of every refused address: finds out what is wrong with it. */
  IllegalArgumentException notAllocated(long address) {
    int tree = map.treeAt(address);
    trees.requireOpen();
    long page = address >>> pageShift;
    long start = runs.pageAround(tree, page) << pageShift;
    String reason =
        start < 0 || start == address
            ? trees.at(tree).whyNotAllocated(address, pageShift)
            : LockedTree.insideOf(start);
    return new IllegalArgumentException("0x%x %s".formatted(address, reason));
  }
}
