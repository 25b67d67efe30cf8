package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every misuse of an address is refused, says what is wrong, and changes nothing. */
class MisuseDoorTest {

  private static final String LIES_NOWHERE = "lies in no region of this allocator";
  private static final String NOT_ALLOCATED =
      "is not allocated: it was freed before or never handed out";

  /** The operations that take the address of a block. */
  enum ByAddress {
    FREE {
      @Override
      LongConsumer of(BuddyAllocator allocator) {
        return allocator::freePages;
      }
    },
    FREE_SEGMENT {
      @Override
      LongConsumer of(BuddyAllocator allocator) {
        return address -> allocator.free(MemorySegment.ofAddress(address));
      }
    },
    ORDER {
      @Override
      LongConsumer of(BuddyAllocator allocator) {
        return allocator::orderAt;
      }
    },
    PAGE_COUNT {
      @Override
      LongConsumer of(BuddyAllocator allocator) {
        return allocator.runs()::pageCountAt;
      }
    },
    RESIZE {
      @Override
      LongConsumer of(BuddyAllocator allocator) {
        return address -> allocator.runs().resize(address, 1L << 50);
      }
    },
    SEGMENT {
      @Override
      LongConsumer of(BuddyAllocator allocator) {
        return allocator::segment;
      }
    };

    abstract LongConsumer of(BuddyAllocator allocator);
  }

  private final BuddyAllocator allocator = Fixtures.allocatorOfMemory(MIB);

  @AfterEach
  void metadataIsSoundAtTheEnd() {
    allocator.validate();
    allocator.close();
  }

  private void assertRefused(ByAddress operation, long address, String reason) {
    long digest = allocator.digest();
    assertThatThrownBy(() -> operation.of(allocator).accept(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0x%x %s", address, reason);
    assertThat(allocator.digest()).isEqualTo(digest);
  }

  @ParameterizedTest
  @EnumSource
  void freedBefore(ByAddress operation) {
    long first = allocator.allocatePages(3);
    long second = allocator.allocatePages(0);
    allocator.freePages(first);
    assertRefused(operation, first, NOT_ALLOCATED);
    allocator.freePages(second);
    assertRefused(operation, first, NOT_ALLOCATED);
    assertRefused(operation, second, NOT_ALLOCATED);
  }

  @ParameterizedTest
  @EnumSource
  void neverHandedOut(ByAddress operation) {
    try (Region region = Fixtures.memory(MIB);
        BuddyAllocator unused = Fixtures.allocator(region)) {
      long digest = unused.digest();
      assertThatThrownBy(() -> operation.of(unused).accept(region.address()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("0x%x %s", region.address(), NOT_ALLOCATED);
      assertThat(unused.digest()).isEqualTo(digest);
    }
    long block = allocator.allocatePages(0);
    assertRefused(operation, block ^ PAGE_BYTES, NOT_ALLOCATED);
  }

  @ParameterizedTest
  @EnumSource
  void insideABlock(ByAddress operation) {
    for (int order = 1; order < 7; order++) {
      long block = allocator.allocatePages(order);
      String reason = insideTheOneAt(block);
      for (long page = 1; page < 1 << order; page++) {
        assertRefused(operation, block + page * PAGE_BYTES, reason);
      }
      assertThat(allocator.orderAt(block)).isEqualTo(order);
    }
  }

  /** Runs of several blocks, from their first page to the last of the last block. */
  @ParameterizedTest
  @EnumSource
  void insideARun(ByAddress operation) {
    for (int pages : new int[] {3, 17, 85, 100}) {
      long run = allocator.runs().allocate(PageRequest.ofPages(pages));
      for (long page = 1; page < pages; page++) {
        assertRefused(operation, run + page * PAGE_BYTES, insideTheOneAt(run));
      }
      assertRefused(operation, run + 1, insideTheOneAt(run));
      assertThat(allocator.runs().pageCountAt(run)).isEqualTo(pages);
    }
  }

  @ParameterizedTest
  @EnumSource
  void freedRun(ByAddress operation) {
    long run = allocator.runs().allocate(PageRequest.ofPages(19));
    allocator.freePages(run);
    for (long page = 0; page < 19; page++) {
      assertRefused(operation, run + page * PAGE_BYTES, NOT_ALLOCATED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void notAtAPage(ByAddress operation) {
    long block = allocator.allocatePages(1);
    String reason = insideTheOneAt(block);
    for (long offset : new long[] {1, 8, PAGE_BYTES - 1, PAGE_BYTES + 1, 2 * PAGE_BYTES - 1}) {
      assertRefused(operation, block + offset, reason);
    }
    allocator.freePages(block);
    assertRefused(operation, block + 1, NOT_ALLOCATED);
  }

  private static String insideTheOneAt(long block) {
    return "is not the start of a block but lies inside the one at 0x%x".formatted(block);
  }

  @ParameterizedTest
  @EnumSource
  void foreign(ByAddress operation) {
    long block = allocator.allocatePages(8);
    long[] addresses = {
      0,
      1,
      block - 1,
      block - PAGE_BYTES,
      block + MIB,
      block + 2 * MIB,
      Long.MAX_VALUE,
      -1,
      -PAGE_BYTES,
      Long.MIN_VALUE,
      block | Long.MIN_VALUE,
      BuddyAllocator.NO_PAGES
    };
    for (long address : addresses) {
      assertRefused(operation, address, LIES_NOWHERE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAnotherAllocator(ByAddress operation) {
    try (BuddyAllocator other = Fixtures.allocatorOfMemory(MIB)) {
      assertRefused(operation, other.allocatePages(0), LIES_NOWHERE);
    }
  }

  @Test
  void heapSegment() {
    long digest = allocator.digest();
    assertThatThrownBy(() -> allocator.free(MemorySegment.ofArray(new byte[4096])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a heap segment is no block of this allocator");
    assertThat(allocator.digest()).isEqualTo(digest);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 19, 64, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void orderOutOfRange(int order) {
    long digest = allocator.digest();
    for (ThrowingCallable request :
        new ThrowingCallable[] {
          () -> allocator.allocatePages(order), () -> allocator.tryAllocatePages(order)
        }) {
      assertThatThrownBy(request)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("order must be 0 to 18, not %d", order);
    }
    assertThat(allocator.digest()).isEqualTo(digest);
    assertThat(allocator.stats().failedAllocations()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 3, 4097, Long.MIN_VALUE, Long.MAX_VALUE})
  void alignmentThatIsNoPowerOfTwo(long alignment) {
    assertSegmentRefused(8, alignment, "alignment must be a power of two, not " + alignment);
  }

  @Test
  void negativeSizeOrAlignmentLargerThanAnyBlock() {
    assertSegmentRefused(-1, 1, "size must be at least 0 bytes, not -1");
    assertSegmentRefused(
        1,
        1L << 31,
        "alignment must be up to 1073741824 bytes (one block of order 18), not 2147483648");
  }

  private void assertSegmentRefused(long byteSize, long byteAlignment, String message) {
    long digest = allocator.digest();
    assertThatThrownBy(() -> allocator.allocate(byteSize, byteAlignment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(allocator.digest()).isEqualTo(digest);
  }
}
