package dev.twofold.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.twofold.cli.progress.Progress;
import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Regions;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The time limits are there for a thread that waits for ever; nothing here takes a second. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadedReplayTest {

  private static final int PAGES = 1 << 18;

  static Stream<Arguments> seedsAndThreads() {
    return Stream.of(1L, 2L, 3L)
        .flatMap(seed -> Stream.of(1, 2, 4, 16).map(threads -> Arguments.of(seed, threads)));
  }

  /** Most frees are of blocks that another CPU allocated, some by allocations of their frames. */
  @ParameterizedTest
  @MethodSource("seedsAndThreads")
  void countsWhatTheNaiveModelDoesInOneThread(long seed, int threads) {
    Random random = new Random(seed);
    Script script = new Script();
    NaiveReplay naive = new NaiveReplay(Integer.MAX_VALUE);
    for (int i = 0; i < 2000; i++) {
      script.on(random.nextInt(7)).random(random, naive);
    }
    ReplayResult result = replay(script, threads, PAGES);
    assertThat(result.threads()).isEqualTo(new ReplayThreads(threads, Math.min(threads, 7)));
    assertThat(result.traffic()).isEqualTo(naive.traffic());
    assertThat(result.end().pagesAllocated()).isEqualTo(naive.traffic().livePagesEnd());
    assertThat(result.defects()).isEmpty();
    assertThat(result.drained()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("seedsAndThreads")
  void countsRefusalsWhenThreadsOvertakeEachOther(long seed, int threads) {
    Random random = new Random(seed);
    Script script = new Script();
    for (int i = 0; i < 4000; i++) {
      script.on(random.nextInt(5));
      if (random.nextInt(5) < 3) {
        script.allocate(random.nextInt(200), random.nextInt(3));
      } else {
        script.free(random.nextInt(200), random.nextInt(3));
      }
    }
    ReplayResult result = replay(script, threads, 64);
    assertThat(result.traffic().events()).isEqualTo(4000);
    assertThat(result.traffic().failedAllocations())
        .isPositive()
        .isEqualTo(result.end().failedAllocations());
    assertThat(result.traffic().livePagesEnd()).isEqualTo(result.end().pagesAllocated());
    assertThat(result.defects()).isEmpty();
    assertThat(result.drained()).isTrue();
  }

  @Test
  void doesNotWaitForEverForABlockThatWasRefused() {
    Script script = new Script().allocate(0, 7).on(1).free(0, 7).allocate(0, 1);
    ReplayResult result = replay(script, 2, 64);
    assertThat(result.traffic()).isEqualTo(new Traffic(2, 1, 1, 1, 2, 2));
    assertThat(result.defects()).isEmpty();
    assertThat(result.drained()).isTrue();
  }

  /** All frees are of the last CPU, which has nothing else to do but to wait. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 9})
  void freesNoBlockBeforeItIsThere(int threads) {
    int blocks = 3000;
    Script script = new Script();
    for (int block = 0; block < blocks; block++) {
      script.on(block % (threads - 1)).allocate(block, 0);
    }
    script.on(threads - 1);
    for (int block = blocks - 1; block >= 0; block--) {
      script.free(block, 0);
    }
    ReplayResult result = replay(script, threads, PAGES);
    assertThat(result.traffic()).isEqualTo(new Traffic(blocks, blocks, 0, 0, blocks, 0));
    assertThat(result.end().pagesAllocated()).isZero();
    assertThat(result.defects()).isEmpty();
  }

  @Test
  void keepsTheOrderOfEachCpuInOneThread() {
    int cpus = 6;
    int threads = 4;
    Script script = new Script();
    for (int block = 0; block < 1200; block++) {
      script.on(block % cpus).allocate(block, 0);
    }
    Map<Thread, List<Integer>> blocksByThread = new ConcurrentHashMap<>();
    try (BuddyAllocator allocator = allocator(PAGES)) {
      Stamps watching =
          new HookedStamps(
              allocator,
              (block, address) ->
                  blocksByThread
                      .computeIfAbsent(Thread.currentThread(), thread -> new ArrayList<>())
                      .add(block));
      ReplayResult result = replay(script, threads, allocator, watching);
      assertThat(result.threads()).isEqualTo(new ReplayThreads(threads, threads));
    }
    assertThat(blocksByThread)
        .hasSize(threads)
        .doesNotContainKey(Thread.currentThread())
        .allSatisfy(
            (thread, blocks) -> {
              assertThat(blocks).isSorted();
              int own = blocks.getFirst() % cpus % threads;
              assertThat(blocks).allMatch(block -> block % cpus % threads == own);
            });
  }

  @Test
  void aSingleThreadIsTheCallingOne() {
    Map<Thread, Integer> threads = new ConcurrentHashMap<>();
    try (BuddyAllocator allocator = allocator(PAGES)) {
      Stamps watching =
          new HookedStamps(
              allocator, (block, address) -> threads.put(Thread.currentThread(), block));
      Script script = new Script().on(3).allocate(1, 0).on(4).allocate(2, 0);
      replay(script, 1, allocator, watching);
    }
    assertThat(threads).containsOnlyKeys(Thread.currentThread());
  }

  @Test
  void addsUpWhatThreadsFindDamaged() {
    try (BuddyAllocator allocator = allocator(PAGES)) {
      Stamps careless =
          new HookedStamps(
              allocator,
              (block, address) ->
                  allocator.segment(address).set(ValueLayout.JAVA_BYTE, 0, (byte) 7));
      Script script = new Script();
      for (int cpu = 0; cpu < 3; cpu++) {
        script.on(cpu).allocate(100L * cpu, 2).free(100L * cpu, 2);
      }
      ReplayResult result = replay(script.allocate(0, 0), 3, allocator, careless);
      assertThat(result.defects())
          .containsExactly("4 pages were overwritten while they were live.");
      assertThat(result.drained()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theFirstFailureEndsAllThreadsAndIsTold(int threads) {
    try (BuddyAllocator allocator = allocator(PAGES)) {
      Stamps broken =
          new HookedStamps(
              allocator,
              (block, address) -> {
                throw new IllegalStateException("broken");
              });
      Script script = new Script().allocate(1, 0).on(1).free(1, 0).on(2).free(1, 0);
      assertThatIllegalStateException()
          .isThrownBy(() -> replay(script.allocate(1, 0), threads, allocator, broken))
          .withMessage("broken");
    }
  }

  @Test
  void tellsOfEveryOperation() {
    Script script = new Script();
    for (int block = 0; block < 10_000; block++) {
      script.on(block % 3).allocate(block % 100, 0);
    }
    Plan plan = Plan.of(script.recording(), 3, Progress.silent());
    assertThat(plan.operations()).isEqualTo(10_000 + 9900);
    AtomicLong told = new AtomicLong();
    try (BuddyAllocator allocator = allocator(PAGES)) {
      new Replay(plan, allocator, Stamps.none()).run(counting(told));
    }
    assertThat(told).hasValue(plan.operations());
  }

  @Test
  void addsUpTimesOfAllThreads() {
    try (BuddyAllocator allocator = allocator(PAGES)) {
      TimedAllocator first = new TimedAllocator(allocator);
      TimedAllocator second = new TimedAllocator(allocator);
      first.free(first.allocate(0));
      second.free(second.allocate(18));
      Timing one = first.timing(1);
      Timing other = second.timing(1);
      first.add(second);
      Timing both = first.timing(5);
      assertThat(both.replayNanos()).isEqualTo(5);
      assertThat(both.allocatorNanos()).isEqualTo(one.allocatorNanos() + other.allocatorNanos());
      assertThat(both.allocations().max())
          .isEqualTo(Math.max(one.allocations().max(), other.allocations().max()));
      assertThat(both.frees().max()).isEqualTo(Math.max(one.frees().max(), other.frees().max()));
    }
  }

  private static Progress counting(AtomicLong told) {
    return new Progress() {
      @Override
      public void advance(long steps) {
        told.set(told.get() + steps); // Loses some unless one thread at a time tells.
      }

      @Override
      public void close() {}
    };
  }

  private static ReplayResult replay(Script script, int threads, int pages) {
    try (BuddyAllocator allocator = allocator(pages)) {
      return replay(script, threads, allocator, Stamps.in(allocator));
    }
  }

  private static ReplayResult replay(
      Script script, int threads, BuddyAllocator allocator, Stamps stamps) {
    Plan plan = Plan.of(script.recording(), threads, Progress.silent());
    return new Replay(plan, allocator, stamps).run(Progress.silent());
  }

  private static BuddyAllocator allocator(int pages) {
    return BuddyAllocator.builder().region(Regions.anonymous(pages * 4096L)).build();
  }

  /** Done with a block that was stamped. */
  private interface Hook {
    void stamped(int block, long address);
  }

  /** The usual stamps, and something else after each. */
  private static final class HookedStamps implements Stamps {

    private final Stamps usual;
    private final Hook hook;

    HookedStamps(BuddyAllocator allocator, Hook hook) {
      usual = Stamps.in(allocator);
      this.hook = hook;
    }

    @Override
    public void stamp(int block, long address) {
      usual.stamp(block, address);
      hook.stamped(block, address);
    }

    @Override
    public long damagedPages(int block, long address) {
      return usual.damagedPages(block, address);
    }
  }
}
