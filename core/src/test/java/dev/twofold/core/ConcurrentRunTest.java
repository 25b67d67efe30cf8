package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs among blocks, of many threads: an overlap oracle, and races that one must win. */
class ConcurrentRunTest {

  private static final int OPERATIONS = 120_000;
  private static final int MAX_HELD = 12;
  private static final int BORDER = 1 << 18;

  /** Pages on their way from the thread that allocated them to one that frees them. */
  private record Pages(long address, long count, int owner) {}

  private final OverlapOracle oracle = new OverlapOracle(BORDER - 1500, 3000);
  private final Queue<Pages> handedOver = new ConcurrentLinkedQueue<>();

  /** Two trees of one region: runs lie across their border as well. */
  private final BuddyAllocator allocator = Fixtures.allocatorOfPages(BORDER - 1500, 3000);

  @ParameterizedTest
  @CsvSource({"2, false", "4, false", "16, false", "100, true"})
  void blocksAndRunsComeAndGo(int threads, boolean virtual) {
    Threads.run(virtual, threads, thread -> churn(thread, OPERATIONS / threads));
    allocator.validate();
    handedOver.forEach(this::free);
    AsNew.assertAsNew(allocator);
    allocator.close();
  }

  private void churn(int thread, int operations) {
    SplittableRandom random = new SplittableRandom(thread);
    List<Pages> held = new ArrayList<>();
    for (int operation = 0; operation < operations; operation++) {
      int choice = random.nextInt(100);
      if (choice < 25) {
        int order = Math.min(random.nextInt(8), random.nextInt(8));
        take(allocator.tryAllocatePages(order), 1L << order, thread + 1, held);
      } else if (choice < 50) {
        allocateRun(thread + 1, random, held);
      } else if (choice < 60 && !held.isEmpty()) {
        held.add(resized(held.remove(random.nextInt(held.size())), random));
      } else if (choice < 70 && !held.isEmpty()) {
        handedOver.add(held.removeLast());
      } else if (choice < 80) {
        Pages pages = handedOver.poll();
        if (pages != null) {
          free(pages);
        }
      } else if (!held.isEmpty()) {
        free(held.remove(random.nextInt(held.size())));
      }
      if (held.size() > MAX_HELD) {
        free(held.removeFirst());
      }
    }
    held.forEach(this::free);
  }

  private void allocateRun(int owner, SplittableRandom random, List<Pages> held) {
    long count = random.nextInt(1, random.nextInt(2, 200));
    PageRequest request = PageRequest.ofPages(count);
    switch (random.nextInt(4)) {
      case 0 -> request = request.topDown();
      case 1 -> request = request.alignedTo(PAGE_BYTES << random.nextInt(8));
      case 2 -> request = request.at((BORDER - 1500 + random.nextInt(2800)) * PAGE_BYTES);
      default -> {}
    }
    take(allocator.runs().tryAllocate(request), count, owner, held);
  }

  private void take(long address, long count, int owner, List<Pages> held) {
    if (address != NO_PAGES) {
      oracle.takePages(address, count, owner);
      held.add(new Pages(address, count, owner));
    }
  }

  private Pages resized(Pages pages, SplittableRandom random) {
    long count = random.nextLong(1, 2 * pages.count() + 1);
    long end = pages.address() + pages.count() * PAGE_BYTES;
    long newEnd = pages.address() + count * PAGE_BYTES;
    if (newEnd < end) {
      oracle.giveBackPages(newEnd, pages.count() - count, pages.owner());
    }
    boolean fits =
        newEnd <= (BORDER + 1500) * PAGE_BYTES && allocator.runs().resize(pages.address(), count);
    assertThat(fits || count > pages.count()).as("runs can always shrink").isTrue();
    if (fits && newEnd > end) {
      oracle.takePages(end, count - pages.count(), pages.owner());
    }
    return fits ? new Pages(pages.address(), count, pages.owner()) : pages;
  }

  private void free(Pages pages) {
    assertThat(allocator.runs().pageCountAt(pages.address())).isEqualTo(pages.count());
    oracle.giveBackPages(pages.address(), pages.count(), pages.owner());
    allocator.freePages(pages.address());
  }

  /**
   * Frees and resizes of one run race: one free wins, all of the run is freed, and nothing else.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void ofFreesOfOneRunOneWins(int threads) {
    int rounds = 2_000;
    AtomicLong run = new AtomicLong(allocator.runs().allocate(PageRequest.ofPages(1)));
    AtomicInteger wins = new AtomicInteger();
    AtomicInteger round = new AtomicInteger();
    CyclicBarrier start = new CyclicBarrier(threads);
    CyclicBarrier end =
        new CyclicBarrier(
            threads,
            () -> {
              assertThat(wins.getAndSet(0)).isOne();
              assertThat(allocator.stats().pagesAllocated()).isZero();
              long pages = 1L + round.incrementAndGet() % 70;
              long page = BORDER - round.get() % 70L;
              run.set(allocator.runs().allocate(PageRequest.ofPages(pages).at(page * PAGE_BYTES)));
            });
    Threads.platform(
        threads,
        thread -> {
          for (int turn = 0; turn < rounds; turn++) {
            start.await();
            if (thread == 1) {
              resizeIfThere(run.get(), 1 + turn % 80);
            }
            wins.addAndGet(freed(run.get()));
            end.await();
          }
        });
    assertThat(freed(run.get())).isOne();
    AsNew.assertAsNew(allocator);
  }

  private int freed(long address) {
    try {
      allocator.freePages(address);
      return 1;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("is not allocated");
      return 0;
    }
  }

  private void resizeIfThere(long address, long pages) {
    try {
      allocator.runs().resize(address, pages);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("is not allocated");
    }
  }

  /**
   * As many regions as threads, each with room for one run, and each thread holds one at most: who
   * asks, holds none. So no request for a run that fits fails.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aRequestNeverFailsWhileThereArePages(int threads) {
    Region[] regions = new Region[threads];
    for (int region = 0; region < threads; region++) {
      regions[region] = Fixtures.pages(region * 512L + 5, 20);
    }
    try (BuddyAllocator small = Fixtures.allocator(regions)) {
      Threads.platform(
          threads,
          thread -> {
            for (int operation = 0; operation < 100_000 / threads; operation++) {
              small.freePages(small.runs().allocate(PageRequest.ofPages(17 + operation % 4)));
              small.runs().tryAllocate(PageRequest.ofPages(21));
            }
          });
      assertThat(small.stats().pagesAllocated()).isZero();
      AsNew.assertAsNew(small);
    }
  }
}
