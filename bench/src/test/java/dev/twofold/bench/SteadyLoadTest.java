package dev.twofold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.bench.SteadyLoad.Figures;
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
  void swingsAndTells() {
    Settings settings =
        new Settings(4, 4 * MIB, 8 * MIB, Duration.ofMillis(10), Duration.ofSeconds(60));
    try (SteadyLoad load = new SteadyLoad(settings, true, 1)) {
      Figures figures = load.run(Duration.ofMillis(15), settings.period());
      assertThat(figures.operations()).isGreaterThan(64);
      assertThat(figures.nanos()).isGreaterThanOrEqualTo(15_000_000);
      assertThat(figures.units()).isZero();
    }
  }

  @Test
  void theTableHasTheMedianAndTheSpread() {
    SteadyTable table = new SteadyTable();
    table.add(4, List.of(figures(100), figures(100)), List.of(figures(90), figures(110)));
    assertThat(table.write()).contains("| order 4 |", "1.000", "0.900 to 1.100");
  }

  private static Figures figures(long operations) {
    return new Figures(operations, 1_000_000_000, 0, 0, 0, 0);
  }
}
