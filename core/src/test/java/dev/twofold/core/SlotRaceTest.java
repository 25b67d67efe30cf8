package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads whose ids point at the same slot: one gets it, and has it until it ends. */
@Timeout(120)
class SlotRaceTest {

  private static final int ROUNDS = 20_000;

  private SharedSlots slots = new SharedSlots();

  private void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError("the other thread is gone", e);
    }
  }

  /** Returns threads whose ids are the same but for a multiple of the number of slots. */
  private List<Thread> threadsOfOneSlot(Runnable... tasks) {
    int owned = slots.all().size() / 2;
    List<Thread> threads = new ArrayList<>();
    long first = -1;
    while (threads.size() < tasks.length) {
      Thread thread = Thread.ofPlatform().unstarted(tasks[threads.size()]);
      first = first < 0 ? thread.threadId() : first;
      if ((thread.threadId() - first) % owned == 0) {
        threads.add(thread);
      }
    }
    return threads;
  }

  private static void runAll(List<Thread> threads) throws InterruptedException {
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void aFreeSlotGetsOneOwner() throws InterruptedException {
    AtomicReferenceArray<Slot> got = new AtomicReferenceArray<>(2);
    List<Integer> shared = new ArrayList<>();
    int[] round = {0};
    CyclicBarrier start = new CyclicBarrier(2, () -> slots = new SharedSlots());
    CyclicBarrier end =
        new CyclicBarrier(
            2,
            () -> {
              if (got.get(0).equals(got.get(1))) {
                shared.add(round[0]);
              }
              round[0]++;
            });
    Runnable[] tasks = new Runnable[2];
    for (int number = 0; number < 2; number++) {
      int own = number;
      tasks[number] =
          () -> {
            for (int turn = 0; turn < ROUNDS; turn++) {
              meet(start);
              got.set(own, slots.current());
              meet(end);
            }
          };
    }
    runAll(threadsOfOneSlot(tasks));
    assertThat(round[0]).isEqualTo(ROUNDS);
    assertThat(shared).as("rounds in which both threads had one slot").isEmpty();
  }

  /** The threads come one after the other, and all stay until the last one has come. */
  @Test
  void nobodyLosesASlotToALaterThread() throws InterruptedException {
    CyclicBarrier next = new CyclicBarrier(2);
    List<Slot> first = new ArrayList<>();
    Runnable early =
        () -> {
          Slot slot = slots.current();
          meet(next);
          meet(next);
          first.add(slot);
          first.add(slots.current());
        };
    Runnable late =
        () -> {
          meet(next);
          first.add(slots.current());
          meet(next);
        };
    runAll(threadsOfOneSlot(early, late));
    assertThat(first).hasSize(3);
    assertThat(first.get(1)).isSameAs(first.get(2)).isNotSameAs(first.get(0));
  }
}
