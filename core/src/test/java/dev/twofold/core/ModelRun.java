package dev.twofold.core;

import static dev.twofold.core.Fixtures.PAGE_BYTES;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Plays operations on an allocator and the reference model side by side. */
final class ModelRun {

  /** A region, as its first page and the number of its pages. */
  record Pages(long first, long count) {}

  private static final int VALIDATE_EVERY = 64;

  private final BuddyAllocator allocator;
  private final ReferenceModel model = new ReferenceModel();
  private final List<Long> everHandedOut = new ArrayList<>();

  ModelRun(List<Pages> regions) {
    this(BuddyAllocator.builder(), regions);
  }

  /** Adds the regions to what the builder says already. */
  ModelRun(BuddyAllocator.Builder builder, List<Pages> regions) {
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
      step(operations.get(index));
      compare();
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
    long digest = allocator.digest();
    long address = allocator.tryAllocatePages(order);
    boolean served = address != BuddyAllocator.NO_PAGES;
    equal(model.serves(order), served, "success of a request of order " + order);
    if (served) {
      equal(0L, address % PAGE_BYTES, "offset in the page");
      model.allocated(address / PAGE_BYTES, order);
      everHandedOut.add(address / PAGE_BYTES);
      equal(order, allocator.orderAt(address), "order of the new block");
    } else {
      equal(digest, allocator.digest(), "digest after a refused request");
    }
  }

  private void free(long page) {
    allocator.freePages(page * PAGE_BYTES);
    model.freed(page);
  }

  private void misuse(RandomOperations.Operation operation) {
    int number = operation.number();
    List<Long> live = model.livePages();
    switch (operation.kind()) {
      case FREE_AGAIN -> {
        if (!everHandedOut.isEmpty()) {
          long page = everHandedOut.get(number % everHandedOut.size());
          if (!model.isLive(page)) {
            refused(page * PAGE_BYTES);
          }
        }
      }
      case FREE_INSIDE -> {
        if (!live.isEmpty()) {
          long page = live.get(number % live.size());
          int pages = 1 << model.liveOrder(page);
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

  private void refused(long address) {
    long digest = allocator.digest();
    try {
      allocator.freePages(address);
    } catch (IllegalArgumentException e) {
      equal(digest, allocator.digest(), "digest after a refused free");
      return;
    }
    throw new AssertionError("address %d must not be free-able".formatted(address));
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
