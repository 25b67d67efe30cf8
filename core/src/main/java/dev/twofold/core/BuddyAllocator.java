package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * A buddy page allocator: hands out blocks of 2^k pages from regions of off-heap memory, splits
 * larger blocks when a size class is empty, and merges a freed block with its buddy.
 *
 * <p>A block of order k is 2^k pages and starts at a multiple of its own size. It is named by the
 * address of its first byte, as a {@code long} or as the start of a {@link MemorySegment}. Its
 * order is found from the address alone.
 *
 * <ul>
 *   <li><b>A failed operation changes nothing</b>, except {@link
 *       AllocatorStats#failedAllocations()}.
 *   <li><b>No spurious failure:</b> a request is refused only if there was a moment during the call
 *       at which no free block could have served it.
 *   <li><b>Misuse is refused:</b> freeing twice, freeing an address that is not the start of an
 *       allocated block, and any use after {@link #close()}. Access to memory after it was freed is
 *       not detected.
 *   <li><b>Contents are undefined:</b> a block may hold what its former user left there.
 * </ul>
 *
 * <p>Safe for use by any number of threads; a block may be freed by another thread than the one
 * that allocated it. Allocation and free take O(orders) time and, by address, allocate no heap
 * memory.
 */
public final class BuddyAllocator implements SegmentAllocator, AutoCloseable {

  /** The largest size class; one less than the number of size classes. */
  public static final int MAX_ORDER = Orders.MAX_ORDER;

  /** What {@link #tryAllocatePages} returns instead of an address. Addresses are not negative. */
  public static final long NO_PAGES = -1;

  private final long pageSizeBytes;
  private final int pageShift;

  /** Regions to be closed; guarded by itself. */
  private final List<Region> openRegions;

  private final Addresses addresses;
  private final TreeArray trees;
  private final RunArray runArray;
  private final PageRuns runs;
  private final Engine engine;
  private final LongAdder failedAllocations = new LongAdder();

  private BuddyAllocator(AllocatorConfiguration configuration) {
    pageSizeBytes = configuration.pageSizeBytes();
    pageShift = configuration.pageShift();
    openRegions = new ArrayList<>(configuration.regions());
    AddressMap map = new AddressMap(pageShift, configuration.regions());
    Slots slots = configuration.confined() ? new ConfinedSlots() : new SharedSlots();
    trees = new TreeArray(map.layouts(), slots.access());
    engine =
        configuration.confined()
            ? new ConfinedEngine(map, trees, slots)
            : new Engine(map, trees, slots);
    runArray = new RunArray(trees, map, pageShift);
    addresses = new Addresses(pageShift, map, trees, runArray, configuration.memories());
    runs =
        new PageRuns(
            pageShift, addresses, runArray, engine, this::stats, failedAllocations::increment);
  }

  /**
   * Starts the description of an allocator.
   *
   * @return a builder with pages of 4 KiB and no region
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the size of a page.
   *
   * @return a power of two, in bytes
   */
  public long pageSizeBytes() {
    return pageSizeBytes;
  }

  /**
   * Returns the smallest order whose blocks hold {@code sizeBytes}.
   *
   * @param sizeBytes a size in bytes, 0 to the size of a block of {@link #MAX_ORDER}; 0 counts as 1
   * @return an order from 0 to {@link #MAX_ORDER}
   * @throws IllegalArgumentException if {@code sizeBytes} is negative or no block is that large
   */
  public int orderOf(long sizeBytes) {
    if (sizeBytes < 0 || sizeBytes > pageSizeBytes << MAX_ORDER) {
      throw new IllegalArgumentException(
          "size must be 0 to %d bytes (one block of order %d), not %d"
              .formatted(pageSizeBytes << MAX_ORDER, MAX_ORDER, sizeBytes));
    }
    return Orders.holding(Math.max(1, ((sizeBytes - 1) >> pageShift) + 1));
  }

  /**
   * Allocates a block of 2^{@code order} pages. O(orders), a refusal O(trees); the exception costs
   * as much as {@link #stats()}.
   *
   * @param order the size class, 0 to {@link #MAX_ORDER}
   * @return the block's address, a multiple of its size
   * @throws OutOfPagesException if no free block is large enough
   * @throws IllegalArgumentException if {@code order} is out of range
   * @throws IllegalStateException if the allocator is closed
   */
  public long allocatePages(int order) {
    long address = tryAllocatePages(order);
    if (address == NO_PAGES) {
      throw new OutOfPagesException(order, stats());
    }
    return address;
  }

  /**
   * Allocates a block of 2^{@code order} pages if there is one. O(orders), a refusal O(trees).
   *
   * @param order the size class, 0 to {@link #MAX_ORDER}
   * @return the block's address, a multiple of its size; or {@link #NO_PAGES}
   * @throws IllegalArgumentException if {@code order} is out of range
   * @throws IllegalStateException if the allocator is closed
   */
  public long tryAllocatePages(int order) {
    long page = engine.allocate(Orders.requireValid(order));
    if (page == Engine.NO_PAGE) {
      failedAllocations.increment();
      return NO_PAGES;
    }
    return page << pageShift;
  }

  /**
   * Frees an allocated block or run, merging with buddies as far as it goes. O(orders).
   *
   * @param address the block's or run's address
   * @throws IllegalArgumentException if no allocated block or run starts at {@code address}: it was
   *     freed before, lies inside a block, or was never handed out; nothing is changed
   * @throws IllegalStateException if the allocator is closed
   */
  public void freePages(long address) {
    if (!isPageAligned(address) || !engine.free(address >>> pageShift)) {
      runs.free(address);
    }
  }

  /**
   * Returns the order of an allocated block, or of a block that would hold the run. O(1), for a run
   * O(orders).
   *
   * @param address the block's or run's address
   * @return an order from 0 to {@link #MAX_ORDER}; more for a run that no block would hold
   * @throws IllegalArgumentException if no allocated block starts at {@code address}
   * @throws IllegalStateException if the allocator is closed
   */
  public int orderAt(long address) {
    return Orders.holding(runs.pageCountAt(address));
  }

  /**
   * Returns the memory of an allocated block or run. The segment can be accessed by any thread
   * until the allocator is closed, also after the block was freed: that is not detected.
   *
   * @param address the block's address
   * @return a segment of its whole size
   * @throws IllegalArgumentException if no allocated block starts at {@code address}
   * @throws IllegalStateException if the allocator is closed
   * @throws UnsupportedOperationException if the regions are bare ranges of addresses
   */
  public MemorySegment segment(long address) {
    return addresses.memory(address, runs.pageCountAt(address) << pageShift);
  }

  /**
   * Allocates as many pages as hold {@code byteSize}, aligned to {@code byteAlignment}: a block if
   * they are a power of two, and else a run ({@link #runs()}). The contents are undefined: memory
   * is not zeroed. {@link #free} gives all of it back.
   *
   * @param byteSize size of the segment in bytes, at least 0; a segment of 0 bytes takes a page
   *     like any other
   * @param byteAlignment a power of two, up to the size of a block of {@link #MAX_ORDER}
   * @return a segment of exactly {@code byteSize} at the start of pages of its own; any thread may
   *     access it until the allocator is closed
   * @throws OutOfPagesException if there are no such pages
   * @throws IllegalArgumentException if an argument is out of range
   * @throws IllegalStateException if the allocator is closed
   * @throws UnsupportedOperationException if the regions are bare ranges of addresses
   */
  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    if (Long.bitCount(byteAlignment) != 1 || byteAlignment < 1) {
      throw new IllegalArgumentException(
          "alignment must be a power of two, not %d".formatted(byteAlignment));
    }
    addresses.requireMemory();
    if (byteSize < 0) {
      throw new IllegalArgumentException("size must be at least 0 bytes, not " + byteSize);
    }
    long pageCount = (Math.max(0, byteSize - 1) >> pageShift) + 1;
    long page =
        Long.bitCount(pageCount) == 1
                && pageCount <= Orders.pages(MAX_ORDER)
                && byteAlignment <= pageCount << pageShift
            ? engine.allocate(Orders.holding(pageCount))
            : Engine.NO_PAGE;
    long address =
        page == Engine.NO_PAGE
            ? runs.allocate(PageRequest.ofBytes(byteSize).alignedTo(byteAlignment))
            : page << pageShift;
    return addresses.memory(address, byteSize);
  }

  /**
   * Frees the block that {@code segment} starts at. Only where it starts counts, not how long it
   * is.
   *
   * @param segment a segment that {@link #allocate} or {@link #segment} returned, or a slice of one
   *     that starts where it does
   * @throws IllegalArgumentException if no allocated block starts at the segment's address; nothing
   *     is changed
   * @throws IllegalStateException if the allocator is closed
   */
  public void free(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("a heap segment is no block of this allocator");
    }
    freePages(segment.address());
  }

  /**
   * Returns the door to runs: exact sizes, chosen places, and changes of size.
   *
   * @return always the same
   */
  public PageRuns runs() {
    return runs;
  }

  /**
   * Returns all figures. Every page is counted once, as it was at some moment during the call, so
   * with no operation under way they are those of one moment. Holds up operations that leave the
   * fast path for a time linear in the pages: some 50 microseconds for 1 GiB of pages of 4 KiB.
   *
   * @return the figures
   * @throws IllegalStateException if the allocator is closed
   */
  public AllocatorStats stats() {
    return AllocatorStats.of(pageSizeBytes, engine.tally(), failedAllocations.sum());
  }

  /**
   * Checks the allocator's metadata: walks over all pages from block to block, and compares words,
   * lists and counts. For tests: no other operation may be under way. Linear in the pages.
   *
   * @throws AssertionError naming the first thing that does not agree
   * @throws IllegalStateException if the allocator is closed
   */
  public void validate() {
    engine.validate();
    runArray.validate();
  }

  /**
   * Lets go of the places that threads draw on and merges all that is free. Never needed to get
   * memory: a request that no block can serve sees to it by itself. O(trees).
   *
   * @throws IllegalStateException if the allocator is closed
   * @throws WrongThreadException if the allocator is confined to another thread
   */
  public void drain() {
    engine.drain();
  }

  /**
   * Refuses all further use and closes the regions, blocks still allocated with them. Accesses to
   * the memory must have ended; later ones through segments throw, but for {@link Regions#segment}.
   * Closing again does nothing, except for regions that could not be closed.
   *
   * @throws IllegalStateException if a region's memory is just being accessed by the JDK itself, as
   *     in a read from a channel; the other regions are closed, and closing again tries that one
   *     again
   */
  @Override
  public void close() {
    engine.close();
    synchronized (openRegions) {
      closeRegions();
    }
  }

  /** Closes every region even if some refuse, and throws what the first of these threw. */
  private void closeRegions() {
    List<RuntimeException> failures = new ArrayList<>();
    for (Region region : List.copyOf(openRegions)) {
      try {
        region.close();
        openRegions.remove(region);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.getFirst();
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** Returns a hash of all metadata: equal before and after an operation that changed nothing. */
  long digest() {
    return engine.digest();
  }

  private boolean isPageAligned(long address) {
    return (address & (pageSizeBytes - 1)) == 0;
  }

  /** Describes an allocator; {@link #build()} checks the description and makes it. */
  public static final class Builder {

    private final List<Region> regions = new ArrayList<>();
    private long pageSizeBytes = AllocatorConfiguration.DEFAULT_PAGE_SIZE_BYTES;
    private boolean confined;
    private boolean built;

    private Builder() {}

    /**
     * Sets the size of a page, 4 KiB unless set.
     *
     * @param pageSizeBytes a power of two from 1 to 2^44, in bytes
     * @return this builder
     */
    public Builder pageSizeBytes(long pageSizeBytes) {
      this.pageSizeBytes = pageSizeBytes;
      return this;
    }

    /**
     * Adds a region. Regions may come in any order, but must not overlap, and either all of them
     * have memory or none has. Space at the ends of a region that fills no aligned page is not
     * used.
     *
     * @param region the region, which the allocator closes with itself once it is built
     * @return this builder
     */
    public Builder region(Region region) {
      regions.add(Objects.requireNonNull(region, "region"));
      return this;
    }

    /**
     * Confines the allocator to the thread that will call {@link #build()}, like {@link
     * java.lang.foreign.Arena#ofConfined}: any use by another thread throws a {@link
     * WrongThreadException}. In return it spares all atomic operations.
     *
     * @return this builder
     */
    public Builder confined() {
      confined = true;
      return this;
    }

    /**
     * Makes the allocator. Costs next to nothing per page: metadata of a tree (1 GiB of 4 KiB
     * pages) is laid out on the heap at its first allocation, 0.3 bytes a page.
     *
     * @return an allocator whose pages are all free
     * @throws IllegalArgumentException if the description is not valid, saying why; the regions
     *     then still belong to the caller
     * @throws IllegalStateException if this builder has built an allocator before
     */
    public BuddyAllocator build() {
      if (built) {
        throw new IllegalStateException(
            "the regions of this builder belong to an allocator already");
      }
      BuddyAllocator allocator =
          new BuddyAllocator(new AllocatorConfiguration(pageSizeBytes, regions, confined));
      built = true;
      return allocator;
    }
  }
}
