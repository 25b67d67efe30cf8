package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A common slot is lent to one virtual thread at a time, and counts exactly whoever counts in it.
 */
@Timeout(120)
class LentSlotRaceTest {

  private static final int NUMBER = 0;

  private final CommonSlots slots = new CommonSlots(1);
  private final Slot slot = slots.made(NUMBER);
  private final AtomicBoolean done = new AtomicBoolean();

  /** What a thread does after it asked for the slot. */
  private interface Deed {
    void run() throws InterruptedException;
  }

  /** Stands for a thread that waits at the first look, and after which something happens. */
  private static final class Waiting extends WeakReference<Thread> {

    private final Thread thread;
    private final Runnable meanwhile;
    private int looks;

    Waiting(Thread thread, Runnable meanwhile) {
      super(thread);
      this.thread = thread;
      this.meanwhile = meanwhile;
    }

    @Override
    public Thread get() {
      if (looks++ == 1) {
        meanwhile.run();
      }
      return thread;
    }
  }

  @AfterEach
  void letAllEnd() {
    done.set(true);
  }

  /** Starts a virtual thread that asks for the slot and then does something; it has asked. */
  private Thread borrower(Deed deed) {
    CountDownLatch asked = new CountDownLatch(1);
    Thread thread =
        Thread.startVirtualThread(
            () -> {
              slots.lend(NUMBER, Thread.currentThread().threadId());
              asked.countDown();
              try {
                deed.run();
              } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
              }
            });
    try {
      asked.await();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
    return thread;
  }

  private void beAtWork() {
    while (!done.get()) {
      Threads.letOthersRun();
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      Thread.onSpinWait();
    }
  }

  private boolean isLentTo(Thread thread) {
    return slot.isLentTo(thread.threadId());
  }

  @Test
  void staysWithAThreadThatIsAtWork() {
    Thread first = borrower(this::beAtWork);
    assertThat(isLentTo(first)).isTrue();
    Threads.join(borrower(() -> {}));
    assertThat(isLentTo(first)).isTrue();
    done.set(true);
    Threads.join(first);
  }

  @Test
  void onlyTheBorrowerCountsLikeAnOwner() {
    Thread first =
        borrower(
            () -> {
              slot.count(3, 2);
              beAtWork();
            });
    slot.count(5, 1);
    done.set(true);
    Threads.join(first);
    assertThat(PrivateParts.named(slot, "allocations", Long.class)).isEqualTo(3);
    assertThat(slot.allocations()).isEqualTo(3 + 5);
    assertThat(slot.splits()).isEqualTo(2 + 1);
  }

  @Test
  void goesToAnotherThreadWhileTheFirstWaits() {
    CountDownLatch goOn = new CountDownLatch(1);
    Thread first = borrower(goOn::await);
    assertThat(isLentTo(first)).isTrue();
    awaitWaiting(first);
    Thread second = borrower(this::beAtWork);
    assertThat(isLentTo(second)).isTrue();
    goOn.countDown();
    Threads.join(first);
    assertThat(isLentTo(first)).isFalse();
    done.set(true);
    Threads.join(second);
  }

  @Test
  void goesToAnotherThreadOnceTheFirstHasEnded() {
    Thread first = borrower(() -> {});
    Threads.join(first);
    assertThat(isLentTo(first)).isTrue();
    Thread second = borrower(() -> {});
    Threads.join(second);
    assertThat(isLentTo(second)).isTrue();
  }

  /** The thread that waited goes on just after another one saw that it waits. */
  @Test
  void isNotLentWhileTheFirstMayBeUsingIt() {
    CountDownLatch goOn = new CountDownLatch(1);
    Thread first =
        borrower(
            () -> {
              goOn.await();
              beAtWork();
              slots.lend(NUMBER, Thread.currentThread().threadId());
            });
    assertThat(isLentTo(first)).isTrue();
    awaitWaiting(first);
    Runnable wake =
        () -> {
          goOn.countDown();
          while (first.getState() == Thread.State.WAITING) {
            Threads.letOthersRun();
          }
        };
    borrowers().set(NUMBER, new Waiting(first, wake));
    Thread second = borrower(() -> {});
    Threads.join(second);
    assertThat(isLentTo(second)).isFalse();
    Thread third = borrower(() -> {});
    Threads.join(third);
    assertThat(isLentTo(third)).as("the first is at work still").isFalse();
    done.set(true);
    Threads.join(first);
    assertThat(isLentTo(first)).as("it is its own, and it asked again").isTrue();
    Thread last = borrower(() -> {});
    Threads.join(last);
    assertThat(isLentTo(last)).as("the first has ended").isTrue();
  }

  @SuppressWarnings("unchecked") // what a field holds is not known of its type
  private AtomicReferenceArray<Object> borrowers() {
    return PrivateParts.named(slots, "borrowers", AtomicReferenceArray.class);
  }

  /** More threads than there are slots to own wait for each other again and again. */
  @Test
  void noAllocationIsLostOrCountedTwice() {
    int threads = 4 * Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
    int rounds = 8;
    int operations = 1_000;
    CyclicBarrier barrier = new CyclicBarrier(threads);
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << 16)) {
      Threads.virtual(
          threads,
          thread -> {
            for (int round = 0; round < rounds; round++) {
              for (int operation = 0; operation < operations; operation++) {
                allocator.freePages(allocator.allocatePages(operation & 1));
              }
              barrier.await();
            }
          });
      assertThat(lentSlots(allocator)).as("slots that were lent").isPositive();
      assertThat(allocator.stats().allocations()).isEqualTo((long) threads * rounds * operations);
      assertThat(allocator.stats().frees()).isEqualTo((long) threads * rounds * operations);
    }
  }

  /** Returns how many common slots some thread counted in like an owner. */
  private static long lentSlots(BuddyAllocator allocator) {
    Engine engine = PrivateParts.only(allocator, Engine.class);
    return engine.slots().all().stream()
        .filter(one -> PrivateParts.named(one, "common", Boolean.class))
        .filter(one -> PrivateParts.named(one, "allocations", Long.class) > 0)
        .count();
  }
}
