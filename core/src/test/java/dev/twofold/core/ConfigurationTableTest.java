package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an allocator can and cannot be built from: one sentence for each mistake. */
class ConfigurationTableTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 512, 4096, 1L << 30, 1L << 44})
  void pageSizesThatPass(long pageSizeBytes) {
    AllocatorConfiguration configuration =
        configuration(pageSizeBytes, List.of(Fixtures.range(0, pageSizeBytes)));
    assertThat(1L << configuration.pageShift()).isEqualTo(pageSizeBytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -4096, Long.MIN_VALUE, 3, 4095, 4097, 1L << 45, Long.MAX_VALUE})
  void pageSizesThatDoNot(long pageSizeBytes) {
    assertRefused(
        pageSizeBytes,
        "page size must be a power of two from 1 to 17592186044416 bytes, not " + pageSizeBytes,
        Fixtures.range(0, 1 << 20));
  }

  @Test
  void noRegion() {
    assertRefused(4096, "an allocator needs at least one region");
  }

  @Test
  void overlappingRegions() {
    String message = "regions overlap: 8192 bytes at 0x1000 and 4096 bytes at 0x2000";
    assertRefused(4096, message, Fixtures.pages(1, 2), Fixtures.pages(2, 1));
    assertRefused(4096, message, Fixtures.pages(2, 1), Fixtures.pages(1, 2));
  }

  @Test
  void sameRegionTwice() {
    Region region = Fixtures.pages(1, 2);
    assertRefused(
        4096, "regions overlap: 8192 bytes at 0x1000 and 8192 bytes at 0x1000", region, region);
  }

  @Test
  void regionsThatOverlapByAByte() {
    assertRefused(
        4096,
        "regions overlap: 4097 bytes at 0x1000 and 4096 bytes at 0x2000",
        Fixtures.range(4096, 4097),
        Fixtures.pages(2, 1));
  }

  @Test
  void adjacentRegionsPassInAnyOrderAndAreSorted() {
    Region low = Fixtures.pages(1, 2);
    Region high = Fixtures.pages(3, 2);
    assertThat(configuration(4096, List.of(high, low)).regions()).containsExactly(low, high);
  }

  @Test
  void regionWithoutAWholePage() {
    String message = "region of %d bytes at 0x%x holds no whole page of 4096 bytes";
    assertRefused(4096, message.formatted(4095, 0), Fixtures.range(0, 4095));
    assertRefused(4096, message.formatted(8190, 1), Fixtures.range(1, 8190));
    assertRefused(
        4096, message.formatted(1, 1L << 40), Fixtures.pages(0, 1), Fixtures.range(1L << 40, 1));
  }

  @Test
  void regionsOfBothKinds() {
    try (Region memory = Fixtures.memory(4096)) {
      assertRefused(
          4096,
          "regions with memory and bare ranges do not mix; build an allocator for each kind",
          memory,
          Fixtures.pages(0, 1));
    }
  }

  @Test
  void kindOfRegionsIsKnown() {
    assertThat(configuration(4096, List.of(Fixtures.pages(0, 1))).hasMemory()).isFalse();
    try (Region memory = Fixtures.memory(4096)) {
      assertThat(configuration(4096, List.of(memory)).hasMemory()).isTrue();
    }
  }

  @Test
  void asManyTreesAsAreAllowedAndOneMore() {
    long limitBytes = 1L << 46;
    assertThat(configuration(4096, List.of(Fixtures.range(0, limitBytes))).regions()).hasSize(1);
    assertRefused(
        4096,
        "the regions span 65537 blocks of the largest order, 65536 are the limit; choose larger"
            + " pages",
        Fixtures.range(0, limitBytes),
        Fixtures.range(limitBytes, 4096));
    assertRefused(
        1,
        "the regions span 35184372088832 blocks of the largest order, 65536 are the limit; choose"
            + " larger pages",
        Fixtures.range(0, Long.MAX_VALUE));
  }

  @Test
  void rangesOutOfRange() {
    assertThatThrownBy(() -> Fixtures.range(-1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("address -1 of a range is negative");
    for (long sizeBytes : new long[] {0, -1, Long.MAX_VALUE - 9}) {
      assertThatThrownBy(() -> Fixtures.range(10, sizeBytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "size of a range at address 10 must be 1 to 9223372036854775797 bytes, not %d",
              sizeBytes);
    }
    assertThat(Fixtures.range(10, Long.MAX_VALUE - 10).memory()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, (1L << 46) + 1, Long.MAX_VALUE})
  void anonymousSizesOutOfRange(long sizeBytes) {
    assertThatThrownBy(() -> Fixtures.memory(sizeBytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "size of anonymous memory must be 1 to 70368744177664 bytes, not %d", sizeBytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999999S", "P36501D", "P1000000D"})
  void decayTimesOutOfRange(String decay) {
    BuddyAllocator.Builder builder =
        BuddyAllocator.builder().region(Fixtures.pages(0, 1)).decay(Duration.parse(decay));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "decay must be 1 milliseconds to 36500 days, not %s".formatted(Duration.parse(decay)));
  }

  @Test
  void confinedMemoryDoesNotDecay() {
    BuddyAllocator.Builder builder =
        BuddyAllocator.builder()
            .region(Fixtures.pages(0, 1))
            .confined()
            .decay(Duration.ofSeconds(1));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "decay takes a thread, and the allocator is confined to another; call trim() instead");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 8, 19})
  void ordersThatAreNotDecommitted(int order) {
    BuddyAllocator.Builder builder =
        BuddyAllocator.builder().region(Fixtures.pages(0, 1)).decommitOrder(order);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("smallest order that is decommitted must be 9 to 18, not " + order);
  }

  private static AllocatorConfiguration configuration(long pageSizeBytes, List<Region> regions) {
    return new AllocatorConfiguration(pageSizeBytes, regions, false, Optional.empty(), 9);
  }

  private static void assertRefused(long pageSizeBytes, String message, Region... regions) {
    assertThatThrownBy(() -> Fixtures.allocator(pageSizeBytes, regions))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
