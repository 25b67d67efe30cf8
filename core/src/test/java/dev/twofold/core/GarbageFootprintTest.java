package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** The raw path makes no garbage: heap bytes of warm operations, counted by the JVM, are none. */
class GarbageFootprintTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int OPERATIONS = 100_000;
  private static final int ROUNDS = 20;

  private final BuddyAllocator allocator =
      Fixtures.allocator(Fixtures.pages(0, 1 << 12), Fixtures.pages(1 << 13, 1 << 12));

  @Test
  void pairs() {
    assertThat(
            leastGarbage(
                () -> {
                  for (int operation = 0; operation < OPERATIONS; operation++) {
                    allocator.freePages(allocator.allocatePages(operation % 10));
                  }
                  return allocator.pageSizeBytes();
                }))
        .isZero();
  }

  @Test
  void churnWithRefusals() {
    long[] live = new long[2_048];
    for (int slot = 0; slot < live.length; slot++) {
      live[slot] = BuddyAllocator.NO_PAGES;
    }
    SplittableRandom random = new SplittableRandom(1);
    assertThat(leastGarbage(() -> churn(live, random))).isZero();
    allocator.validate();
    assertThat(allocator.stats().failedAllocations()).isPositive();
  }

  private long churn(long[] live, SplittableRandom random) {
    for (int operation = 0; operation < OPERATIONS; operation++) {
      int slot = random.nextInt(live.length);
      if (live[slot] != BuddyAllocator.NO_PAGES) {
        allocator.freePages(live[slot]);
      }
      live[slot] = allocator.tryAllocatePages(Long.numberOfTrailingZeros(random.nextLong() | 512));
    }
    return live[0];
  }

  @Test
  void theGaugeSeesGarbage() {
    assertThat(leastGarbage(() -> new long[1_000].length)).isGreaterThan(7_999);
  }

  /** Repeats until warm; the least of all rounds, as the JVM may allocate for itself meanwhile. */
  private static long leastGarbage(LongSupplier work) {
    long least = Long.MAX_VALUE;
    long result = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      result += work.getAsLong();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(result).isNotEqualTo(Long.MIN_VALUE);
    return least;
  }
}
