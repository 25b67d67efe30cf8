package dev.twofold.core;

import static dev.twofold.core.RecordingRegion.UNIT_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that lets memory decay: it works, and it ends. */
@Timeout(120)
class DecayThreadTest {

  private static final Duration DECAY = Duration.ofMillis(8);

  private final RecordingRegion region = RecordingRegion.ofUnits(4);

  private BuddyAllocator allocator() {
    return BuddyAllocator.builder().region(region).decay(DECAY).build();
  }

  private static Thread thread(BuddyAllocator allocator) {
    return (Thread) PrivateParts.only(allocator, Optional.class).orElseThrow();
  }

  @Test
  void memoryDecaysUnlessItIsUsed() throws InterruptedException {
    CountDownLatch calls = new CountDownLatch(1);
    region.answer(
        (address, sizeBytes) -> {
          calls.countDown();
          return true;
        });
    try (BuddyAllocator allocator = allocator()) {
      assertThat(thread(allocator).isDaemon()).isTrue();
      long kept = allocator.allocatePages(0);
      allocator.freePages(allocator.allocatePages(9));
      calls.await();
      assertThat(region.calls()).singleElement().asString().endsWith("+1");
      allocator.freePages(kept);
    }
  }

  /** A region that throws is told of once, and the memory of others goes on going back. */
  @Test
  void goesOnWhenARegionThrows() throws InterruptedException {
    CountDownLatch failures = new CountDownLatch(3);
    CountDownLatch calls = new CountDownLatch(1);
    AtomicInteger told = new AtomicInteger();
    RecordingRegion other = new RecordingRegion(1 << 20, 4 * Tiers.UNIT_PAGES);
    region.answer(
        (address, sizeBytes) -> {
          failures.countDown();
          throw new IllegalStateException("broken");
        });
    other.answer(
        (address, sizeBytes) -> {
          calls.countDown();
          return true;
        });
    try (BuddyAllocator allocator = allocator()) {
      Thread thread = thread(allocator);
      thread.setUncaughtExceptionHandler(
          (where, failure) -> {
            if (where.equals(thread) && failure instanceof IllegalStateException) {
              told.getAndIncrement();
            }
          });
      Fixtures.freeAll(allocator, Fixtures.allocateAll(allocator, 9));
      failures.await();
      allocator.regions().add(other);
      Fixtures.freeAll(allocator, Fixtures.allocateAll(allocator, 9));
      calls.await();
      assertThat(thread.isAlive()).isTrue();
      assertThat(told).hasValue(1);
    }
  }

  @Test
  void endsWhenTheAllocatorIsClosed() throws InterruptedException {
    BuddyAllocator allocator = allocator();
    Thread thread = thread(allocator);
    assertThat(thread.isAlive()).isTrue();
    allocator.close();
    thread.join();
  }

  /** Closing waits for the call under way: the region is not closed while it is used. */
  @Test
  void closingWaitsForTheCallUnderWay() throws InterruptedException {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch mayReturn = new CountDownLatch(1);
    region.answer(
        (address, sizeBytes) -> {
          called.countDown();
          awaitUninterruptibly(mayReturn);
          return true;
        });
    BuddyAllocator allocator = allocator();
    allocator.freePages(allocator.allocatePages(9));
    called.await();
    Thread closer = Thread.ofPlatform().start(allocator::close);
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    mayReturn.countDown();
    closer.join();
    thread(allocator).join();
    assertThat(region.calls()).hasSize(1);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void endsWhenTheAllocatorIsForgotten() throws InterruptedException {
    BuddyAllocator allocator = allocator();
    allocator.freePages(allocator.allocatePages(9));
    Thread thread = thread(allocator);
    WeakReference<BuddyAllocator> forgotten = new WeakReference<>(allocator);
    allocator = null;
    while (forgotten.get() != null || thread.isAlive()) {
      System.gc();
      thread.join(1);
    }
    assertThat(region.sizeBytes()).isEqualTo(4 * UNIT_BYTES);
  }
}
