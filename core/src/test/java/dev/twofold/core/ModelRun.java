package dev.twofold.core;

import static dev.twofold.core.Fixtures.PAGE_BYTES;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** Plays operations on an allocator and the reference model side by side. */
final class ModelRun {

  /** A region, as its first page and the number of its pages. */
  record Pages(long first, long count) {}

  private static final int VALIDATE_EVERY = 64;

  /** Operations with runs say more than an operation does: it is drawn from their numbers. */
  private static final int MAX_ALIGNMENT_ORDER = 11;

  private final List<Pages> regions;

  /** After how many operations all figures are compared, which makes an allocator settle. */
  private final int lookEvery;

  private boolean looks = true;

  private final BuddyAllocator allocator;
  private final ReferenceModel model = new ReferenceModel();
  private final List<Long> everHandedOut = new ArrayList<>();
  private final List<Long> everFreed = new ArrayList<>();

  ModelRun(List<Pages> regions) {
    this(BuddyAllocator.builder(), regions);
  }

  /** Adds the regions to what the builder says already. */
  ModelRun(BuddyAllocator.Builder builder, List<Pages> regions) {
    this(builder, regions, 1);
  }

  /** Compares the figures after each so many operations only. */
  ModelRun(BuddyAllocator.Builder builder, List<Pages> regions, int lookEvery) {
    this.regions = regions;
    this.lookEvery = lookEvery;
    for (Pages region : regions) {
      builder.region(Fixtures.pages(region.first(), region.count()));
      model.addRegion(region.first(), region.count());
    }
    allocator = builder.build();
  }

  /** Plays all, then frees what is live and compares with a new allocator. */
  void play(List<RandomOperations.Operation> operations) {
    AllocatorStats fresh = allocator.stats();
    compare();
    for (int index = 0; index < operations.size(); index++) {
      looks = index % lookEvery == 0;
      step(operations.get(index));
      if (looks) {
        compare();
      }
      if (index % VALIDATE_EVERY == 0) {
        allocator.validate();
      }
    }
    allocator.validate();
    for (long page : model.livePages()) {
      free(page);
    }
    compare();
    allocator.validate();
    equal(fresh.freeBlocks(), allocator.stats().freeBlocks(), "free blocks after all was freed");
  }

  private void step(RandomOperations.Operation operation) {
    switch (operation.kind()) {
      case ALLOCATE -> allocate(operation.order());
      case ALLOCATE_RUN -> allocateRun(operation.order(), new SplittableRandom(operation.number()));
      case RESIZE -> {
        List<Long> live = model.livePages();
        if (!live.isEmpty()) {
          SplittableRandom random = new SplittableRandom(operation.number());
          resize(live.get(operation.number() % live.size()), random);
        }
      }
      case FREE -> {
        List<Long> live = model.livePages();
        if (!live.isEmpty()) {
          free(live.get(operation.number() % live.size()));
        }
      }
      default -> misuse(operation);
    }
  }

  private void allocate(int order) {
    long digest = digest();
    long address = allocator.tryAllocatePages(order);
    boolean served = address != BuddyAllocator.NO_PAGES;
    equal(model.serves(order), served, "success of a request of order " + order);
    if (served) {
      equal(0L, address % PAGE_BYTES, "offset in the page");
      model.allocated(address / PAGE_BYTES, order);
      everHandedOut.add(address / PAGE_BYTES);
      equal(order, allocator.orderAt(address), "order of the new block");
    } else {
      equal(digest, digest(), "digest after a refused request");
    }
  }

  /** Up to 2^order pages, aligned or not, at one place, in a window, or anywhere. */
  private void allocateRun(int order, SplittableRandom random) {
    long pageCount = random.nextLong(1, (1L << order) + 1);
    PageRequest request = PageRequest.ofPages(pageCount);
    Pages region = regions.get(random.nextInt(regions.size()));
    long page = region.first() + random.nextLong(region.count());
    int choice = random.nextInt(8);
    if (choice == 0 && page + pageCount <= region.first() + region.count()) {
      request = request.at(page * PAGE_BYTES);
    } else {
      if (choice < 3) {
        request = request.alignedTo(PAGE_BYTES << random.nextInt(MAX_ALIGNMENT_ORDER));
      }
      if (choice > 5) {
        long high = page + random.nextLong(pageCount, 4 * pageCount + 1);
        request = request.within(page * PAGE_BYTES, high * PAGE_BYTES);
      }
      request = random.nextBoolean() ? request : request.topDown();
    }
    allocateRun(request);
  }

  private void allocateRun(PageRequest request) {
    RunRequest inPages = request.inPages(Long.numberOfTrailingZeros(PAGE_BYTES));
    long expected =
        request.isExact()
            ? placeAt(request.exactAddress() / PAGE_BYTES, inPages.pageCount())
            : model.place(inPages);
    long digest = digest();
    long address = allocator.runs().tryAllocate(request);
    boolean served = address != BuddyAllocator.NO_PAGES;
    equal(expected >= 0, served, "success of " + request);
    if (served) {
      long page = address / PAGE_BYTES;
      if (!request.isAnywhere()) {
        equal(expected, page, "place of " + request);
      }
      boolean within =
          page >= inPages.low()
              && page + inPages.pageCount() <= inPages.high()
              && page % inPages.alignmentPages() == 0;
      equal(true, within, "a place as asked for by " + request + " of " + page);
      model.allocatedRun(page, inPages.pageCount());
      everHandedOut.add(page);
      equal(inPages.pageCount(), allocator.runs().pageCountAt(address), "pages of the new run");
    } else {
      equal(digest, digest(), "digest after the refused request " + request);
    }
  }

  private long placeAt(long page, long pageCount) {
    return model.isFree(page, pageCount) ? page : -1;
  }

  private void resize(long page, SplittableRandom random) {
    long before = model.livePageCount(page);
    long pageCount = random.nextLong(1, 2 * before + 2);
    boolean fits = model.fits(page, pageCount);
    long digest = digest();
    equal(fits, allocator.runs().resize(page * PAGE_BYTES, pageCount), "success of a resize");
    if (fits) {
      model.resized(page, pageCount);
    } else {
      equal(digest, digest(), "digest after a refused resize");
    }
    long now = allocator.runs().pageCountAt(page * PAGE_BYTES);
    equal(model.livePageCount(page), now, "pages after a resize");
  }

  private void free(long page) {
    allocator.freePages(page * PAGE_BYTES);
    model.freed(page);
    everFreed.add(page);
  }

  private void misuse(RandomOperations.Operation operation) {
    int number = operation.number();
    List<Long> live = model.livePages();
    switch (operation.kind()) {
      case FREE_AGAIN -> {
        List<Long> candidates = number % 2 == 0 ? everHandedOut : lastFreed();
        if (!candidates.isEmpty()) {
          long page = candidates.get(number % candidates.size());
          if (!model.isLive(page)) {
            refused(page * PAGE_BYTES);
          }
        }
      }
      case FREE_INSIDE -> {
        if (!live.isEmpty()) {
          long page = live.get(number % live.size());
          long pages = model.livePageCount(page);
          refused((page + number % pages) * PAGE_BYTES + (number % pages == 0 ? 1 : 0));
        }
      }
      case FREE_MISALIGNED -> {
        if (!live.isEmpty()) {
          refused(live.get(number % live.size()) * PAGE_BYTES + 1 + number % (PAGE_BYTES - 1));
        }
      }
      default -> refused(-1L - number);
    }
  }

  private List<Long> lastFreed() {
    return everFreed.subList(Math.max(0, everFreed.size() - 9), everFreed.size());
  }

  private void refused(long address) {
    long digest = digest();
    try {
      allocator.freePages(address);
    } catch (IllegalArgumentException e) {
      equal(digest, digest(), "digest after a refused free");
      return;
    }
    throw new AssertionError("address %d must not be free-able".formatted(address));
  }

  /** The digest, or 0 if nobody is to look now. */
  private long digest() {
    return looks ? allocator.digest() : 0;
  }

  private void compare() {
    AllocatorStats stats = allocator.stats();
    equal(model.freeBlocks(), stats.freeBlocks(), "free blocks");
    equal(model.liveBlocks(), stats.allocatedBlocks(), "allocated blocks");
  }

  private static void equal(Object expected, Object actual, String what) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError("%s: expected %s, was %s".formatted(what, expected, actual));
    }
  }
}
