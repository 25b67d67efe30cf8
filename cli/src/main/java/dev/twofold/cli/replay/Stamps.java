package dev.twofold.cli.replay;

import dev.twofold.core.BuddyAllocator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Marks the pages of a block when it is handed out, and looks whether the marks are still there.
 */
public interface Stamps {

  /** The size of a mark, and so of the smallest page that can carry one, in bytes. */
  long STAMP_BYTES = Long.BYTES;

  /**
   * Marks all pages of a block.
   *
   * @param block the block's number
   * @param address where it was allocated
   */
  void stamp(int block, long address);

  /**
   * Counts the pages of a block that no longer carry their mark: somebody else wrote there.
   *
   * @param block the block's number
   * @param address where it was allocated
   * @return at least 0
   */
  long damagedPages(int block, long address);

  /**
   * Returns stamps that leave the memory alone.
   *
   * @return stamps that are never damaged
   */
  static Stamps none() {
    return new Stamps() {
      @Override
      public void stamp(int block, long address) {}

      @Override
      public long damagedPages(int block, long address) {
        return 0;
      }
    };
  }

  /**
   * Returns stamps in the first bytes of every page: the block's number and the page's.
   *
   * @param allocator whose pages have at least {@link #STAMP_BYTES}
   * @return stamps in its memory
   */
  static Stamps in(BuddyAllocator allocator) {
    return new Stamps() {
      @Override
      public void stamp(int block, long address) {
        MemorySegment memory = allocator.segment(address);
        long pageBytes = allocator.pageSizeBytes();
        for (long page = 0; page * pageBytes < memory.byteSize(); page++) {
          memory.set(ValueLayout.JAVA_LONG_UNALIGNED, page * pageBytes, mark(block, page));
        }
      }

      @Override
      public long damagedPages(int block, long address) {
        MemorySegment memory = allocator.segment(address);
        long pageBytes = allocator.pageSizeBytes();
        long damaged = 0;
        for (long page = 0; page * pageBytes < memory.byteSize(); page++) {
          long found = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, page * pageBytes);
          damaged += found == mark(block, page) ? 0 : 1;
        }
        return damaged;
      }
    };
  }

  /** Never zero, which is what untouched memory reads as. */
  private static long mark(int block, long page) {
    return (block + 1L) << Integer.SIZE | page;
  }
}
