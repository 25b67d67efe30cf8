package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * The regions of an allocator, which come and go while it is in use.
 *
 * <p>A region is <b>online</b> from when it is added: blocks are allocated from it. <b>Offline</b>,
 * none is, but those that are allocated stay so: they can be used and freed. When the last one was
 * freed the region is <b>evacuated</b>, and can be <b>removed</b>: it is closed, its addresses are
 * foreign to the allocator, and nothing is left of it. To take a region out of use:
 *
 * <pre>{@code
 * regions.offline(region);
 * regions.evacuation(region).thenRunAsync(() -> regions.remove(region));
 * }</pre>
 *
 * <p>Figures of an allocator count the free pages of regions online only, and the allocated ones of
 * all. A request that is under way when a region comes or goes is served from it or not; it is
 * refused only if there was a moment at which no free block of a region online could serve it.
 *
 * <p>Safe for use by any number of threads; of a confined allocator, by its thread. Allocations and
 * frees go on in the meantime, at the cost they had, but for frees into a region that is offline,
 * which take turns. Changes of regions wait for each other; each takes O(regions + trees) time, to
 * go offline or to be removed also time linear in the pages of the region, some milliseconds for 1
 * GiB of pages of 4 KiB.
 */
public final class RegionSet {

  private final int pageShift;
  private final long pageMask;
  private final boolean memory;
  private final TreeArray trees;
  private final Engine engine;

  /** What {@link #close} has to close; guarded by this, as are all changes. */
  private final List<Region> open = new ArrayList<>();

  RegionSet(AllocatorConfiguration configuration, TreeArray trees, Engine engine) {
    pageShift = configuration.pageShift();
    pageMask = configuration.pageSizeBytes() - 1;
    memory = configuration.hasMemory();
    this.trees = trees;
    this.engine = engine;
    List<RegionTrees> first = new ArrayList<>();
    for (Region region : configuration.regions()) {
      first.add(new RegionTrees(region, pageShift, trees));
    }
    open.addAll(configuration.regions());
    engine.setMap(new AddressMap(first));
    first.forEach(RegionTrees::putOnline);
  }

  /**
   * Adds a region, whose pages are free. The allocator closes it when it is removed, or with
   * itself.
   *
   * @param region the region, checked like those that an allocator is built on: it must not overlap
   *     another one, and must have memory if these have, and none if they have not
   * @throws IllegalArgumentException if the region does not fit, saying why; it then still belongs
   *     to the caller, as with any other exception
   * @throws IllegalStateException if the allocator is closed
   * @throws WrongThreadException if the allocator is confined to another thread
   */
  public synchronized void add(Region region) {
    Objects.requireNonNull(region, "region");
    requireAccess();
    AllocatorConfiguration.requireSound(region);
    List<Region> regions = new ArrayList<>(open);
    regions.add(region);
    List<Region> sorted = AllocatorConfiguration.together(regions, pageShift, memory);
    RegionTrees added = new RegionTrees(region, pageShift, trees);
    List<RegionTrees> all = new ArrayList<>(engine.map().regions());
    all.add(sorted.indexOf(region), added);
    engine.setMap(new AddressMap(all));
    open.add(region);
    added.putOnline();
  }

  /**
   * Takes a region offline: from when the call returns, no block of it is handed out. Blocks that
   * are allocated there can be used and freed as before. A region that is offline stays so.
   *
   * @param region a region of this allocator
   * @throws IllegalArgumentException if the allocator has no such region
   * @throws IllegalStateException if the allocator is closed
   * @throws WrongThreadException if the allocator is confined to another thread
   */
  public synchronized void offline(Region region) {
    require(region).takeOffline();
  }

  /**
   * Returns what completes when no block of a region that is offline is allocated any more, which
   * may be so already. The thread that frees the last one runs what depends on it, unless that is
   * asynchronous, and holds no lock. It fails, with a {@link CancellationException} as the cause,
   * if the region is put online or the allocator closed before.
   *
   * @param region a region of this allocator that is offline
   * @return the evacuation of the region, each time another object
   * @throws IllegalArgumentException if the allocator has no such region
   * @throws IllegalStateException if the region is online or the allocator closed
   * @throws WrongThreadException if the allocator is confined to another thread
   */
  public synchronized CompletableFuture<Void> evacuation(Region region) {
    CompletableFuture<Void> evacuation = require(region).evacuation();
    if (evacuation == null) {
      throw new IllegalStateException(
          "region of %s is online; take it offline first"
              .formatted(AllocatorConfiguration.describe(region)));
    }
    return evacuation.copy();
  }

  /**
   * Puts a region online again: blocks are allocated from it as before it went offline. A region
   * that is online stays so.
   *
   * @param region a region of this allocator
   * @throws IllegalArgumentException if the allocator has no such region
   * @throws IllegalStateException if the allocator is closed
   * @throws WrongThreadException if the allocator is confined to another thread
   */
  public void online(Region region) {
    cancel(putOnline(region));
  }

  private synchronized @Nullable CompletableFuture<Void> putOnline(Region region) {
    RegionTrees found = require(region);
    CompletableFuture<Void> former = found.evacuation();
    found.putOnline();
    return former;
  }

  /**
   * Removes a region of which no block is allocated, online or offline, and closes it. Its
   * addresses lie in no region of this allocator any more, and may come again with another one.
   *
   * <p>If closing the region throws, the exception is passed on: the region stays as it was, online
   * or offline, with all its pages free, and can be removed again. While it is being closed no
   * other region can be added, removed, put online or taken offline.
   *
   * @param region a region of this allocator
   * @throws IllegalArgumentException if the allocator has no such region
   * @throws IllegalStateException if blocks of the region are allocated, saying how many and which
   *     are the first, or if the allocator is closed; nothing is changed
   * @throws WrongThreadException if the allocator is confined to another thread
   */
  public synchronized void remove(Region region) {
    RegionTrees removed = require(region);
    boolean online = removed.isOnline();
    AllocatedBlocks blocks = removed.vacate();
    if (blocks.count() != 0) {
      throw new IllegalStateException(
          "region of %s has %s; free them first, or take it offline and wait"
              .formatted(AllocatorConfiguration.describe(region), blocks));
    }
    boolean closed = false;
    try {
      removed.region().close();
      closed = true;
    } finally {
      if (!closed && online) {
        removed.putOnline();
      }
    }
    open.remove(removed.region());
    engine.setMap(new AddressMap(without(removed)));
    trees.remove(removed.trees());
  }

  /**
   * Returns the regions and their figures, all of one moment. Holds up operations that leave the
   * fast path, as {@link BuddyAllocator#stats()} does.
   *
   * @return a list sorted by address, which cannot be changed
   * @throws IllegalStateException if the allocator is closed
   * @throws WrongThreadException if the allocator is confined to another thread
   */
  public synchronized List<RegionStats> list() {
    requireAccess();
    List<RegionTrees> regions = engine.map().regions();
    List<Tally> tallies = trees.tallies(regions.stream().map(RegionTrees::trees).toList());
    List<RegionStats> list = new ArrayList<>();
    for (int index = 0; index < tallies.size(); index++) {
      RegionTrees region = regions.get(index);
      long pages = region.pages().pageCount();
      long allocated = AllocatorStats.pages(tallies.get(index).allocatedBlocks);
      list.add(new RegionStats(region.region(), region.isOnline(), pages, allocated));
    }
    return List.copyOf(list);
  }

  /**
   * Frees a run, or a block that was not found in the words at its address: as its region is
   * offline, or went offline or online just then.
   *
   * @throws IllegalArgumentException if no allocated block or run starts at the address, saying
   *     what does
   */
  void free(long address) {
    engine.letGo();
    RegionTrees region = regionAt(address);
    if ((address & pageMask) != 0 || !region.free(address >>> pageShift)) {
      throw notAllocated(region, address);
    }
  }

  /** Returns how many pages a block or run has, or throws. */
  long pageCountAt(long address) {
    boolean aligned = (address & pageMask) == 0;
    int order = aligned ? engine.orderAt(address >>> pageShift) : BlockHeads.NONE;
    if (order != BlockHeads.NONE) {
      return Orders.pages(order);
    }
    engine.letGo();
    RegionTrees region = regionAt(address);
    long pages = aligned ? region.runs().pageCount(address >>> pageShift) : RegionRuns.NONE;
    if (pages == RegionRuns.NONE) {
      throw notAllocated(region, address);
    }
    return pages;
  }

  /** Lets a block or run have other pages; returns whether it has, or throws if there is none. */
  boolean resize(long address, long pageCount) {
    engine.letGo();
    RegionTrees region = regionAt(address);
    long page = address >>> pageShift;
    if ((address & pageMask) != 0 || !region.pages().contains(page + pageCount - 1)) {
      return pageCountAt(address) == pageCount;
    }
    long resized = region.runs().resize(page, page + pageCount);
    if (resized == RegionRuns.NONE) {
      throw notAllocated(region, address);
    }
    return resized > 0;
  }

  /** Throws if closed. */
  void requireOpen() {
    trees.requireOpen();
  }

  /** Throws if there is no memory behind the regions. */
  void requireMemory() {
    if (!memory) {
      throw new UnsupportedOperationException(
          "there is no memory behind a bare range of addresses; use allocatePages");
    }
  }

  /** Returns memory of the block at {@code address}. */
  MemorySegment memory(long address, long sizeBytes) {
    requireMemory();
    return regionAt(address).memory(address, sizeBytes);
  }

  /** Sees to it that pages, allocated just now, read as zero. */
  void clear(long address, long pageCount) {
    regionAt(address).clear(address >>> pageShift, pageCount);
  }

  /** Gives the memory of some pages of one region back, and returns whether that was done. */
  boolean decommit(long address, long sizeBytes) {
    RegionTrees region = engine.map().regionOf(address >>> pageShift);
    return region != null && region.region().decommit(address, sizeBytes);
  }

  /** Refuses everything from now on, and closes every region that is not closed yet. */
  void close() {
    engine.letGo();
    try {
      closeRegions();
    } finally {
      engine.map().regions().forEach(region -> cancel(region.evacuation()));
    }
  }

  /** Closes every region even if some refuse, and throws what the first of these threw. */
  private synchronized void closeRegions() {
    engine.close();
    List<RuntimeException> failures = new ArrayList<>();
    for (Region region : List.copyOf(open)) {
      try {
        region.close();
        open.remove(region);
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

  private void requireAccess() {
    engine.letGo();
    trees.requireOpen();
  }

  private RegionTrees require(Region region) {
    Objects.requireNonNull(region, "region");
    requireAccess();
    for (RegionTrees candidate : engine.map().regions()) {
      if (candidate.region().equals(region)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "region of %s is none of this allocator"
            .formatted(AllocatorConfiguration.describe(region)));
  }

  @SuppressWarnings("ReferenceEquality") // each region is there once
  private List<RegionTrees> without(RegionTrees removed) {
    return engine.map().regions().stream().filter(region -> region != removed).toList();
  }

  /** Whoever waits runs what depends on it now, so no lock may be held. */
  private static void cancel(@Nullable CompletableFuture<Void> evacuation) {
    if (evacuation != null) {
      evacuation.cancel(false);
    }
  }

  /** Returns the region that an address lies in, or throws. */
  RegionTrees regionAt(long address) {
    RegionTrees region = engine.map().regionOf(address >>> pageShift);
    if (region == null) {
      trees.requireOpen();
      throw new IllegalArgumentException(
          "0x%x lies in no region of this allocator".formatted(address));
    }
    return region;
  }

  /** Finds out what is wrong with an address that no allocated block starts at. */
  private IllegalArgumentException notAllocated(RegionTrees region, long address) {
    trees.requireOpen();
    long start = region.runs().pageAround(address >>> pageShift);
    boolean inside = start != RegionRuns.NONE && start << pageShift != address;
    return new IllegalArgumentException(
        "0x%x %s"
            .formatted(
                address,
                inside
                    ? "is not the start of a block but lies inside the one at 0x%x"
                        .formatted(start << pageShift)
                    : "is not allocated: it was freed before or never handed out"));
  }
}
