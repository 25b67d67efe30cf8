package dev.twofold.bench;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Regions;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * A load that swings between two levels: it grows to the higher one, stays there for half a period,
 * shrinks to the lower one and stays there for the other half. All the time it replaces blocks that
 * it draws at random, and touches every page of what it gets.
 */
final class SteadyLoad implements AutoCloseable {

  /** Replacements between two looks at the clock. */
  private static final int CHUNK = 64;

  private final WatchedRegion region;
  private final BuddyAllocator allocator;
  private final SplittableRandom random;
  private final long blockBytes;
  private final int order;
  private final int low;
  private final long[] held;
  private final long soonNanos;
  private int count;
  private long operations;

  /**
   * Opens an allocator and fills it to the higher level.
   *
   * @param settings what kind of load
   * @param decays whether free memory decays
   */
  SteadyLoad(Settings settings, boolean decays, long seed) {
    order = settings.order();
    blockBytes = PageSource.PAGE_BYTES << order;
    low = (int) (settings.lowBytes() / blockBytes);
    held = new long[(int) (settings.highBytes() / blockBytes)];
    soonNanos = settings.decay().toNanos();
    random = new SplittableRandom(seed);
    region = new WatchedRegion(Regions.anonymous(2 * settings.highBytes()));
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(region);
    allocator = (decays ? builder.decay(settings.decay()) : builder).build();
    grow(held.length);
  }

  /**
   * What kind of load it is.
   *
   * @param order of its blocks
   * @param lowBytes what is live at the lower level
   * @param highBytes what is live at the higher one
   * @param period of a swing down and up
   * @param decay how long free memory is kept, where it decays
   */
  record Settings(int order, long lowBytes, long highBytes, Duration period, Duration decay) {}

  /**
   * What a load did.
   *
   * @param operations blocks that were allocated
   * @param nanos how long it took
   * @param calls calls of the system that gave memory back
   * @param units units of 2 MiB that were given back
   * @param neededAgain how many of these were needed again
   * @param neededSoon how many of these within the decay time
   */
  record Figures(
      long operations, long nanos, long calls, long units, long neededAgain, long neededSoon) {

    double perSecond() {
      return operations * 1e9 / nanos;
    }
  }

  /** Runs the load for some time, to the end of a swing. */
  Figures run(Duration time, Duration period) {
    operations = 0;
    long begin = System.nanoTime();
    long end = begin;
    while (end - begin < time.toNanos()) {
      shrink(low);
      replace(end + period.toNanos() / 2);
      grow(held.length);
      replace(end + period.toNanos());
      end = System.nanoTime();
    }
    return new Figures(
        operations,
        end - begin,
        region.calls(),
        region.units(),
        region.neededAgain(),
        region.neededSoon());
  }

  private void replace(long untilNanos) {
    while (System.nanoTime() - untilNanos < 0) {
      for (int step = 0; step < CHUNK; step++) {
        int slot = random.nextInt(count);
        allocator.freePages(held[slot]);
        held[slot] = allocate();
      }
    }
  }

  private void grow(int blocks) {
    while (count < blocks) {
      held[count++] = allocate();
    }
  }

  private void shrink(int blocks) {
    while (count > blocks) {
      int slot = random.nextInt(count);
      allocator.freePages(held[slot]);
      held[slot] = held[--count];
    }
  }

  private long allocate() {
    long address = allocator.allocatePages(order);
    region.used(address, blockBytes, soonNanos);
    SystemMemory.touch(address, blockBytes);
    operations++;
    return address;
  }

  @Override
  public void close() {
    allocator.close();
  }
}
