package dev.twofold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.bench.SteadyLoad.Settings;
import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Regions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteadyLoadTest {

  private static final long MIB = 1 << 20;
  private static final long LONG_NANOS = Duration.ofDays(1).toNanos();

  @Test
  void whatIsNeededAgainIsCountedOnce() {
    WatchedRegion region = new WatchedRegion(Regions.anonymous(8 * MIB));
    try (BuddyAllocator allocator = BuddyAllocator.builder().region(region).build()) {
      long address = allocator.allocatePages(10);
      region.used(address, 4 * MIB, LONG_NANOS);
      assertThat(region.neededAgain()).isZero();
      allocator.freePages(address);
      assertThat(allocator.trim()).isEqualTo(4 * MIB);
      assertThat(region.calls()).isOne();
      assertThat(region.units()).isEqualTo(2);
      region.used(address, 2 * MIB, LONG_NANOS);
      region.used(address, 4 * MIB, 0);
      region.used(address, 4 * MIB, LONG_NANOS);
      assertThat(region.neededAgain()).isEqualTo(2);
      assertThat(region.neededSoon()).isOne();
    }
  }

  @Test
  void swingsWithoutNeedOfWhatIsKept() {
    Settings settings = new Settings(4, 4 * MIB, 8 * MIB, Duration.ofDays(1));
    try (SteadyLoad load = new SteadyLoad(settings, true, 1)) {
      assertThat(load.swing(Duration.ofMillis(10))).isPositive();
      assertThat(load.region().units()).isZero();
      assertThat(load.region().neededAgain()).isZero();
    }
  }

  @Test
  void theTableHasTheMedianOfTheRatios() {
    SteadyTable table = new SteadyTable();
    WatchedRegion region = new WatchedRegion(Regions.anonymous(2 * MIB));
    table.add(4, List.of(100.0, 100.0, 50.0), List.of(90.0, 110.0, 50.0), region);
    assertThat(table.write()).contains("| order 4 |", " 100 |", " 90 |", "1.000", "0.900 to 1.000");
    region.close();
  }
}
