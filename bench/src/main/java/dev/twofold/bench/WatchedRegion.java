package dev.twofold.bench;

import dev.twofold.core.Region;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A region that notes when its memory is given back, in units of 2 MiB, and whether it is needed
 * again. Safe for use by any thread.
 */
final class WatchedRegion implements Region {

  private static final int UNIT_SHIFT = 21;

  private final Region region;

  /** When each unit was given back; 0 if it was not, or is in use again. */
  private final AtomicLongArray givenBackAt;

  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong units = new AtomicLong();
  private long neededAgain;
  private long neededSoon;

  /** Watches a region that starts at a multiple of 2 MiB. */
  WatchedRegion(Region region) {
    this.region = region;
    givenBackAt = new AtomicLongArray((int) (region.sizeBytes() >>> UNIT_SHIFT));
  }

  /** Says that a block was handed out; for one thread. */
  void used(long address, long sizeBytes, long soonNanos) {
    int last = unit(address + sizeBytes - 1);
    for (int unit = unit(address); unit <= last; unit++) {
      if (givenBackAt.get(unit) != 0) {
        neededAgain++;
        neededSoon += System.nanoTime() - givenBackAt.get(unit) < soonNanos ? 1 : 0;
        givenBackAt.set(unit, 0);
      }
    }
  }

  /** Returns how often the system was called. */
  long calls() {
    return calls.get();
  }

  /** Returns how many units were given back, each time counted. */
  long units() {
    return units.get();
  }

  /** Returns how many of them were needed again. */
  long neededAgain() {
    return neededAgain;
  }

  /** Returns how many of them were needed again so soon that it would have paid to keep them. */
  long neededSoon() {
    return neededSoon;
  }

  private int unit(long address) {
    return (int) ((address - region.address()) >>> UNIT_SHIFT);
  }

  @Override
  public boolean decommit(long address, long sizeBytes) {
    if (!region.decommit(address, sizeBytes)) {
      return false;
    }
    calls.getAndIncrement();
    int first = unit(address);
    int count = (int) (sizeBytes >>> UNIT_SHIFT);
    units.getAndAdd(count);
    for (int unit = first; unit < first + count; unit++) {
      givenBackAt.set(unit, System.nanoTime());
    }
    return true;
  }

  @Override
  public long address() {
    return region.address();
  }

  @Override
  public long sizeBytes() {
    return region.sizeBytes();
  }

  @Override
  public Optional<MemorySegment> memory() {
    return region.memory();
  }

  @Override
  public boolean startsZeroed() {
    return region.startsZeroed();
  }

  @Override
  public void close() {
    region.close();
  }
}
