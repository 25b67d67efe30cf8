package dev.twofold.cli.bench;

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
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
