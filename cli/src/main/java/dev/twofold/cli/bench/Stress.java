package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * LLFree's stress: until time is up, each thread fills or empties its share of the memory to a
 * random level, in random order. The first thread takes the score about once a second.
 */
final class Stress implements Workload {

  private static final long SCORE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BenchSettings settings;
  private final int blocks;

  Stress(BenchSettings settings) throws BenchException {
    this.settings = settings;
    blocks = settings.blocksPerThread(100);
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    List<Double> scores = new ArrayList<>();
    LongAdder heldByAll = new LongAdder();
    settings
        .threads()
        .run(
            (thread, crew) -> {
              Share share = Share.of(allocator, blocks);
              Runnable look = thread == 0 ? new Monitor(allocator, scores)::look : () -> {};
              crew.lineUp();
              int held = fillAndEmpty(share, settings.random(thread), look);
              heldByAll.add(held);
              crew.lineUp();
              if (thread == 0) {
                scores.add(Score.of(allocator.stats()));
                check(allocator, heldByAll.sum());
              }
              crew.lineUp();
              share.part(0, held).freeFifo();
            });
    return Outcome.scored(scores);
  }

  /** Returns how many blocks the thread holds when time is up. */
  @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on the yield but fairness.
  private int fillAndEmpty(Share share, SplittableRandom random, Runnable look) {
    long start = System.nanoTime();
    long nanos = settings.effort().duration().toNanos();
    int held = 0;
    while (System.nanoTime() - start < nanos) {
      int target = random.nextInt(share.size() + 1);
      share.part(0, held).shuffle(random);
      if (target > held) {
        share.part(held, target - held).allocate(settings.order());
      } else {
        share.part(target, held - target).freeFifo();
      }
      held = target;
      look.run();
      Thread.yield(); // Else a virtual thread would keep others from running until time is up.
    }
    return held;
  }

  private void check(BuddyAllocator allocator, long held) {
    long pages = held << settings.order();
    long counted = allocator.stats().pagesAllocated();
    if (counted != pages) {
      throw new AssertionError(
          "%d pages are held, but the allocator counts %d".formatted(pages, counted));
    }
    allocator.validate();
  }

  /** Takes the score each second, as far as it is let look. */
  private static final class Monitor {

    private final BuddyAllocator allocator;
    private final List<Double> scores;
    private long dueNanos = System.nanoTime() + SCORE_NANOS;

    Monitor(BuddyAllocator allocator, List<Double> scores) {
      this.allocator = allocator;
      this.scores = scores;
    }

    void look() {
      if (System.nanoTime() - dueNanos >= 0) {
        scores.add(Score.of(allocator.stats()));
        dueNanos += SCORE_NANOS;
      }
    }
  }
}
