package dev.twofold.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every allocator that is measured does what is measured. */
class PageSourceTest {

  private static final int SLOTS = 300;

  @ParameterizedTest
  @EnumSource
  void blocksAreApartAndWritable(Peer peer) {
    assumeTrue(peer.isAvailable(), peer::howToGetIt);
    try (PageSource source = peer.open(SLOTS)) {
      for (int slot = 0; slot < SLOTS; slot++) {
        source.allocate(slot, orderOf(slot));
      }
      for (int slot = 0; slot < SLOTS; slot += 3) {
        source.free(slot);
        source.allocate(slot, orderOf(slot));
      }
      assertBlocksAreApart(source);
      for (int slot = 0; slot < SLOTS; slot++) {
        memory(source, slot).set(JAVA_LONG, 0, slot);
        memory(source, slot).set(JAVA_LONG, lastLong(slot), -slot);
      }
      for (int slot = 0; slot < SLOTS; slot++) {
        assertThat(memory(source, slot).get(JAVA_LONG, 0)).isEqualTo(slot);
        assertThat(memory(source, slot).get(JAVA_LONG, lastLong(slot))).isEqualTo(-slot);
        source.free(slot);
      }
    }
  }

  private static void assertBlocksAreApart(PageSource source) {
    Map<Long, Long> ends = new TreeMap<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      ends.put(source.address(slot), source.address(slot) + sizeBytes(slot));
    }
    assertThat(ends).hasSize(SLOTS);
    long previousEnd = 0;
    for (Map.Entry<Long, Long> block : ends.entrySet()) {
      assertThat(block.getKey()).isGreaterThanOrEqualTo(previousEnd);
      previousEnd = block.getValue();
    }
  }

  private static int orderOf(int slot) {
    return ChurnPlan.orderFrom(slot);
  }

  private static long sizeBytes(int slot) {
    return PageSource.PAGE_BYTES << orderOf(slot);
  }

  private static long lastLong(int slot) {
    return sizeBytes(slot) - Long.BYTES;
  }

  @SuppressWarnings("restricted") // The block is as large as was asked for.
  private static MemorySegment memory(PageSource source, int slot) {
    return MemorySegment.ofAddress(source.address(slot)).reinterpret(sizeBytes(slot));
  }
}
