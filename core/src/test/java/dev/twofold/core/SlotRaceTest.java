package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads whose ids point at the same slot: one gets it, and has it until it ends. */
@Timeout(60)
class SlotRaceTest {

  private final SharedSlots slots = new SharedSlots();
  private final List<Slot> got = Collections.synchronizedList(new ArrayList<>());

  /** Stands for an owner that has ended, which something happens before anybody knows. */
  private static final class Ended extends WeakReference<Thread> {

    private final Runnable meanwhile;
    private boolean happened;

    Ended(Runnable meanwhile) {
      super(null);
      this.meanwhile = meanwhile;
    }

    @Override
    public @Nullable Thread get() {
      if (!happened) {
        happened = true;
        meanwhile.run();
      }
      return super.get();
    }
  }

  /** Returns two threads whose ids are the same but for a multiple of the number of slots. */
  private List<Thread> threadsOfOneSlot(Runnable first, Runnable second) {
    Thread one = Thread.ofPlatform().unstarted(first);
    return List.of(one, threadOfSlot(number(one), second));
  }

  /** Returns a thread whose id points at the slot of that number. */
  private Thread threadOfSlot(int number, Runnable work) {
    Thread thread = Thread.ofPlatform().unstarted(work);
    while (number(thread) != number) {
      thread = Thread.ofPlatform().unstarted(work);
    }
    return thread;
  }

  /** Returns the number of the slot that the thread's id points at. */
  private int number(Thread thread) {
    return (int) thread.threadId() & (owners().length() - 1);
  }

  @SuppressWarnings("unchecked") // what a field holds is not known of its type
  private AtomicReferenceArray<Object> owners() {
    return PrivateParts.named(slots, "owners", AtomicReferenceArray.class);
  }

  private void take() {
    got.add(slots.current());
  }

  /** Between the two steps of one thread, to see that the slot is free and to take it. */
  @Test
  void aFreeSlotGetsOneOwner() {
    List<Thread> threads = threadsOfOneSlot(this::take, this::take);
    int number = number(threads.getFirst());
    Runnable takenByAnother =
        () -> {
          threads.getLast().start();
          Threads.join(threads.getLast());
        };
    owners().set(number, new Ended(takenByAnother));
    threads.getFirst().start();
    Threads.join(threads.getFirst());
    assertThat(got).hasSize(2);
    assertThat(got.getFirst()).isSameAs(PrivateParts.named(slots, "owned", Slot[].class)[number]);
    assertThat(got.getLast()).isNotSameAs(got.getFirst());
  }

  @Test
  void nobodyLosesASlotToALaterThread() {
    CountDownLatch came = new CountDownLatch(1);
    CountDownLatch cameLater = new CountDownLatch(1);
    Runnable early =
        () -> {
          take();
          came.countDown();
          await(cameLater);
          take();
        };
    Runnable late =
        () -> {
          await(came);
          take();
          cameLater.countDown();
        };
    List<Thread> threads = threadsOfOneSlot(early, late);
    threads.forEach(Thread::start);
    threads.forEach(Threads::join);
    assertThat(got).hasSize(3);
    assertThat(got.get(2)).isSameAs(got.get(0)).isNotSameAs(got.get(1));
  }

  /** A thread that finds no slot to own shares one, but not for ever, and then keeps to its own. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aThreadThatSharesOwnsOneOnceOneIsFree(int distance) {
    Slot[] owned = PrivateParts.named(slots, "owned", Slot[].class);
    int ending = (number(Thread.currentThread()) + distance) & (owned.length - 1);
    CountDownLatch all = new CountDownLatch(1);
    CountDownLatch one = new CountDownLatch(1);
    List<Thread> owners = ownersOfAll(number -> number == ending ? one : all);
    Slot first = slots.current();
    assertThat(slots.current()).isSameAs(first);
    assertThat(owned).as("all are owned by others").doesNotContain(first);
    one.countDown();
    Threads.join(owners.get(ending));
    use(64);
    assertThat(got.getLast()).isSameAs(owned[ending]);
    all.countDown();
    owners.forEach(Threads::join);
    for (int use = 0; use < 200; use++) {
      assertThat(slots.current()).as("use %d", use).isSameAs(owned[ending]);
    }
  }

  /** A virtual thread that shares for a while may count like an owner, a platform thread never. */
  @Test
  void virtualThreadsAreLentWhatTheyShare() {
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> owners = ownersOfAll(number -> end);
    for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      Thread thread = kind.start(() -> use(64));
      Threads.join(thread);
      assertThat(got.getLast().isLentTo(thread.threadId())).isEqualTo(thread.isVirtual());
    }
    end.countDown();
    owners.forEach(Threads::join);
  }

  /** So it leaves the one that it was lent, which the next thread gets though it does not wait. */
  @Test
  void aVirtualThreadThatWasLentASlotOwnsOneOnceOneIsFree() {
    CountDownLatch lent = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch owns = new CountDownLatch(1);
    AtomicBoolean done = new AtomicBoolean();
    Thread first =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  use(64);
                  lent.countDown();
                  await(free);
                  use(1024 + 64 + 200);
                  owns.countDown();
                  while (!done.get()) {
                    Threads.letOthersRun();
                  }
                });
    int number = number(first);
    CountDownLatch all = new CountDownLatch(1);
    CountDownLatch one = new CountDownLatch(1);
    List<Thread> owners = ownersOfAll(each -> each == number ? one : all);
    first.start();
    await(lent);
    Slot shared = got.getLast();
    assertThat(shared.isLentTo(first.threadId())).isTrue();
    one.countDown();
    Threads.join(owners.get(number));
    free.countDown();
    await(owns);
    Slot owned = PrivateParts.named(slots, "owned", Slot[].class)[number];
    assertThat(got.subList(got.size() - 200, got.size())).containsOnly(owned);
    assertThat(shared.isLentTo(first.threadId())).isFalse();
    Thread second = Thread.ofVirtual().unstarted(() -> use(64));
    while (number(second) != number) {
      second = Thread.ofVirtual().unstarted(() -> use(64));
    }
    second.start();
    Threads.join(second);
    assertThat(shared.isLentTo(second.threadId())).isTrue();
    done.set(true);
    Threads.join(first);
    all.countDown();
    owners.forEach(Threads::join);
  }

  private void use(int times) {
    for (int use = 0; use < times; use++) {
      Slot slot = slots.current();
      slot.count(1, 0);
      got.add(slot);
    }
  }

  /** Starts threads that own all slots until the latches let them end. */
  private List<Thread> ownersOfAll(IntFunction<CountDownLatch> ends) {
    int count = owners().length();
    CountDownLatch taken = new CountDownLatch(count);
    List<Thread> owners = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      CountDownLatch end = ends.apply(number);
      owners.add(
          threadOfSlot(
              number,
              () -> {
                slots.current();
                taken.countDown();
                await(end);
              }));
    }
    owners.forEach(Thread::start);
    await(taken);
    return owners;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
