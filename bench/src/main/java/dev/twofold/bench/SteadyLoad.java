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
  private final int high;
  private final long[] held;
  private final long soonNanos;
  private int count;
  private long allocated;

  /**
   * Opens an allocator, fills it to half as much again as the higher level, and shrinks to that: so
   * there is something that is not needed again.
   *
   * @param settings what kind of load
   * @param decays whether free memory decays
   */
  SteadyLoad(Settings settings, boolean decays, long seed) {
    order = settings.order();
    blockBytes = PageSource.PAGE_BYTES << order;
    low = (int) (settings.lowBytes() / blockBytes);
    high = (int) (settings.highBytes() / blockBytes);
    held = new long[high + high / 2];
    soonNanos = settings.decay().toNanos();
    random = new SplittableRandom(seed);
    region = new WatchedRegion(Regions.anonymous(2 * settings.highBytes()));
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(region);
    allocator = (decays ? builder.decay(settings.decay()) : builder).build();
    grow(held.length);
    shrink(high);
  }

  /**
   * What kind of load it is.
   *
   * @param order of its blocks
   * @param lowBytes what is live at the lower level
   * @param highBytes what is live at the higher one
   * @param decay how long free memory is kept, where it decays
   */
  record Settings(int order, long lowBytes, long highBytes, Duration decay) {}

  /**
   * Swings down and up once.
   *
   * @return how many blocks were allocated a second
   */
  double swing(Duration period) {
    allocated = 0;
    long begin = System.nanoTime();
    shrink(low);
    replace(begin + period.toNanos() / 2);
    grow(high);
    replace(begin + period.toNanos());
    return allocated * 1e9 / (System.nanoTime() - begin);
  }

  /** Returns what went back so far. */
  WatchedRegion region() {
    return region;
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
    allocated++;
    return address;
  }

  @Override
  public void close() {
    allocator.close();
  }
}
