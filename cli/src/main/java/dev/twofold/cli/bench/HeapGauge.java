package dev.twofold.cli.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Objects;

/**
 * What lies on the heap now and did not when the gauge was made. Best effort: whatever else the
 * process keeps or drops meanwhile is counted too, some 100 KiB as a rule.
 */
final class HeapGauge {

  /** The serial collector leaves some garbage where it is, except at every fourth collection. */
  private static final int COLLECTIONS = 4;

  private final long before = usedBytes();

  /** Returns how many bytes have come, at least 0. */
  long growthBytes() {
    return Math.max(0, usedBytes() - before);
  }

  private static long usedBytes() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getCollectionUsage) // Leaves out what threads reserve in advance.
        .filter(Objects::nonNull)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }
}
