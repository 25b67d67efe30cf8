package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
 *   <li><b>Contents are undefined:</b> a block may hold what its former user left there, except one
 *       from {@link #zeroed()}.
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

  private final int pageShift;
  private final Engine engine;
  private final RegionSet regions;
  private final Requests requests;
  private final PageRuns runs;
  private final PageBatches batches;
  private final GiveBack giveBack;
  private final Optional<Thread> decayThread;

  private BuddyAllocator(AllocatorConfiguration configuration) {
    pageShift = configuration.pageShift();
    boolean confined = configuration.confined();
    TreeArray trees = new TreeArray(confined ? Words.CONFINED : Words.SHARED);
    engine = confined ? new ConfinedEngine(trees) : new SharedEngine(trees);
    regions = new RegionSet(configuration, trees, engine);
    requests = new Requests(engine, regions, pageShift);
    RunArray runArray = new RunArray(trees, engine);
    runs = new PageRuns(pageShift, runArray, regions, requests, engine);
    var batch = new BlockBatches(engine, trees, pageShift, requests::isPageAddress);
    batches = new PageBatches(pageShift, batch, runArray, regions, requests, engine);
    giveBack = new GiveBack(trees, engine.slots(), regions::decommit, configuration);
    decayThread = configuration.decay().map(decay -> DecayThread.start(giveBack, decay));
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
    return 1L << pageShift;
  }

  /**
   * Returns the smallest order whose blocks hold {@code sizeBytes}.
   *
   * @param sizeBytes a size in bytes, 0 to the size of a block of {@link #MAX_ORDER}; 0 counts as 1
   * @return an order from 0 to {@link #MAX_ORDER}
   * @throws IllegalArgumentException if {@code sizeBytes} is negative or no block is that large
   */
  public int orderOf(long sizeBytes) {
    return requests.orderOf(sizeBytes);
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
    long page = engine.allocate(Orders.requireValid(order));
    return page == Engine.NO_PAGE ? requests.refuse(order) : page << pageShift;
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
    return page == Engine.NO_PAGE ? requests.countRefusal() : page << pageShift;
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
    // What is no multiple of the page size goes to the highest bits: no region has such a page.
    if (address < 0 || !engine.free(Long.rotateRight(address, pageShift))) {
      regions.free(address);
    }
  }

  /**
   * Returns the order of an allocated block, or of a block that would hold the run. O(orders).
   *
   * @param address the block's or run's address
   * @return an order from 0 to {@link #MAX_ORDER}; more for a run that no block would hold
   * @throws IllegalArgumentException if no allocated block or run starts at {@code address}
   * @throws IllegalStateException if the allocator is closed
   */
  public int orderAt(long address) {
    return Orders.holding(regions.pageCountAt(address));
  }

  /**
   * Returns the memory of an allocated block or run. The segment can be accessed by any thread
   * until the allocator is closed, also after the block was freed: that is not detected.
   *
   * @param address the block's or run's address
   * @return a segment of its whole size
   * @throws IllegalArgumentException if no allocated block or run starts at {@code address}
   * @throws IllegalStateException if the allocator is closed
   * @throws UnsupportedOperationException if the regions are bare ranges of addresses
   */
  public MemorySegment segment(long address) {
    return regions.memory(address, regions.pageCountAt(address) << pageShift);
  }

  /**
   * Allocates exactly the pages that hold {@code byteSize}, aligned to {@code byteAlignment}: a
   * block, or a run ({@link #runs()}). They are not zeroed. {@link #free} gives all of it back.
   *
   * @param byteSize size of the segment in bytes, at least 0, which takes a page as 1 does
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
    regions.requireMemory();
    return regions.memory(runs.allocate(byteSize, byteAlignment), byteSize);
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
   * Returns the door to many blocks or pages in one call.
   *
   * @return the same object at every call
   */
  public PageBatches batches() {
    return batches;
  }

  /**
   * Returns the door to blocks that read as zero.
   *
   * @return an allocator whose blocks are freed here
   * @throws UnsupportedOperationException if the regions are bare ranges of addresses
   */
  public ZeroedAllocator zeroed() {
    return new ZeroedAllocator(requests, runs, regions);
  }

  /**
   * Frees the block or run that {@code segment} starts at, however long the segment is.
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
   * Returns all figures. Every page is counted once, as it was at some moment during the call, so
   * with no operation under way they are those of one moment. Holds up operations that leave the
   * fast path for a time linear in the pages: some 100 microseconds for 1 GiB of pages of 4 KiB.
   *
   * @return the figures
   * @throws IllegalStateException if the allocator is closed
   */
  public AllocatorStats stats() {
    return requests.stats();
  }

  /**
   * Checks the allocator's metadata: walks over all pages from block to block, and compares words,
   * bins and counts. For tests: no other operation may be under way. Linear in the pages.
   *
   * @throws AssertionError naming the first thing that does not agree
   * @throws IllegalStateException if the allocator is closed
   */
  public void validate() {
    engine.validate();
    runs.validate();
  }

  /**
   * Returns the regions, to which others can be added and which can be removed.
   *
   * @return the same object at every call
   */
  public RegionSet regions() {
    return regions;
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
   * Merges all that is free, as {@link #drain()} does, and gives the memory of large free blocks
   * ({@link Builder#decommitOrder}) back to the system at once. It is committed again at the first
   * touch. O(trees), and the time that the system takes. What a region throws is thrown on.
   *
   * @return how much was given back, in bytes; see {@link Region#decommit} for who refuses
   * @throws IllegalStateException if the allocator is closed
   */
  public long trim() {
    engine.drain();
    return giveBack.giveBackAll(giveBack.now());
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
    decayThread.ifPresent(Thread::interrupt);
    regions.close();
  }

  /** Returns a hash of all metadata: equal before and after an operation that changed nothing. */
  long digest() {
    return engine.digest();
  }

  /** Describes an allocator; {@link #build()} checks the description and makes it. */
  public static final class Builder {

    private final List<Region> regions = new ArrayList<>();
    private long pageSizeBytes = AllocatorConfiguration.DEFAULT_PAGE_SIZE_BYTES;
    private boolean confined;
    private Optional<Duration> decay = Optional.empty();
    private int decommitOrder = Tiers.UNIT_ORDER;
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
     * Adds a region; more can be added later on ({@link RegionSet}). Regions may come in any order,
     * but must not overlap, and either all of them have memory or none has. Space at the ends of a
     * region that fills no aligned page is not used.
     *
     * @param region the region, which the allocator closes with itself once it is built
     * @return this builder
     */
    public Builder region(Region region) {
      regions.add(Objects.requireNonNull(region, "region"));
      return this;
    }

    /**
     * Confines the allocator to the thread that will call {@link #build()}: any use by another one
     * throws a {@link WrongThreadException}. It spares all atomic operations. What is free may be
     * held for later requests of its order, as free: up to 256 blocks an order, and 2^12 pages.
     *
     * @return this builder
     */
    public Builder confined() {
      confined = true;
      return this;
    }

    /**
     * Gives memory back to the system once it was free for some time without a break: what a steady
     * load needs again within that time is kept, however far it goes up and down. A daemon thread
     * sees to it until the allocator is closed or forgotten. Unless this is set, only {@link
     * BuddyAllocator#trim()} gives memory back: a library starts no thread unasked. What a region
     * throws goes to {@link Thread#getDefaultUncaughtExceptionHandler()}, or is printed, once.
     *
     * @param decay the time, 1 millisecond to 36500 days; it may take an eighth longer
     * @return this builder
     */
    public Builder decay(Duration decay) {
      this.decay = Optional.of(decay);
      return this;
    }

    /**
     * Sets how large a free block must be for its memory to be given back: 2^9 pages unless set, a
     * huge page if pages are of 4 KiB.
     *
     * @param order an order from 9 to {@link BuddyAllocator#MAX_ORDER}
     * @return this builder
     */
    public Builder decommitOrder(int order) {
      decommitOrder = order;
      return this;
    }

    /**
     * Makes the allocator. Costs next to nothing per page: metadata of a tree (1 GiB of 4 KiB
     * pages) is laid out on the heap at its first allocation, 0.6 bytes a page.
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
      AllocatorConfiguration configuration =
          new AllocatorConfiguration(pageSizeBytes, regions, confined, decay, decommitOrder);
      built = true;
      return new BuddyAllocator(configuration);
    }
  }
}
