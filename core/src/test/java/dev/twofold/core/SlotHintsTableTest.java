package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a slot's hints stand, and how many of the blocks that were freed it remembers. */
class SlotHintsTableTest {

  private final Slot slot = new PaddedSlot(false, 0);

  @Test
  void nothingStandsWhereSomethingElseDoes() {
    Set<Integer> places = new HashSet<>();
    int count = 0;
    for (int order = 0; order < Orders.COUNT; order++) {
      places.addAll(
          List.of(
              SlotHints.cursor(order),
              SlotHints.unit(order),
              SlotHints.serving(order),
              SlotHints.top(order)));
      count += 4;
      for (int place = SlotHints.bottom(order); place <= SlotHints.full(order); place++) {
        places.add(place);
        count++;
      }
    }
    assertThat(places).hasSize(count);
    assertThat(places).allMatch(place -> place >= 16 && place < SlotHints.LENGTH - 16);
  }

  @ParameterizedTest(name = "order {0}: {1}, {2} while memory is scarce")
  @CsvSource({
    "0, 256, 256",
    "1, 256, 128",
    "2, 128, 64",
    "3, 128, 32",
    "4, 64, 16",
    "5, 64, 8",
    "6, 32, 4",
    "7, 32, 2",
    "8, 32, 1",
    "9, 0, 0",
    "18, 0, 0"
  })
  void howManyAreRemembered(int order, int depth, int scarceDepth) {
    assertThat(fill(order)).isEqualTo(depth);
    slot.setScarce(true);
    slot.setScarce(true);
    assertThat(takeAll(order))
        .as("the first ones stay")
        .containsExactlyElementsOf(down(scarceDepth));
    assertThat(fill(order)).isEqualTo(scarceDepth);
    assertThat(slot.pushRecent(order, 1_000)).isFalse();
    slot.setScarce(false);
    assertThat(slot.pushRecent(order, 1_000)).isEqualTo(scarceDepth < depth);
    assertThat(slot.popRecent(order)).isEqualTo(scarceDepth < depth ? 1_000 : top(depth));
    takeAll(order);
    assertThat(fill(order)).as("all room is back").isEqualTo(depth);
    assertThat(takeAll(order)).containsExactlyElementsOf(down(depth));
    assertThat(takeAll(order)).isEmpty();
  }

  @Test
  void scarcityLeavesWhatIsFew() {
    for (int order = 0; order < Tiers.UNIT_ORDER; order++) {
      assertThat(slot.pushRecent(order, order + 1)).isTrue();
    }
    slot.setScarce(true);
    slot.setScarce(false);
    for (int order = 0; order < Tiers.UNIT_ORDER; order++) {
      assertThat(takeAll(order)).containsExactly(order + 1L);
    }
  }

  /**
   * Threads that share a common slot may set its top at the same time as it gets less room. The top
   * then lies above what bounds it, and what bounds it is handed out; but it stays in its place.
   */
  @Test
  void aTopAboveTheRoomThatIsLeftLeadsNowhereElse() {
    assertThat(fill(3)).isEqualTo(128);
    slot.setScarce(true);
    long[] hints = PrivateParts.named(slot, "hints", long[].class);
    hints[SlotHints.top(3)] = SlotHints.scarceFull(3) + 2L;
    int below = SlotHints.top(2);
    long untouched = hints[below];
    assertThat(takeAll(3)).hasSize(35).contains(-2L);
    assertThat(hints[SlotHints.top(3)]).isEqualTo(SlotHints.bottom(3));
    assertThat(fill(3)).isEqualTo(32);
    hints[SlotHints.top(3)] = SlotHints.scarceFull(3);
    assertThat(fill(3)).as("up to the end of its own").isEqualTo(95);
    assertThat(hints[SlotHints.top(3)]).isEqualTo(SlotHints.full(3) - 1);
    assertThat(hints[below]).isEqualTo(untouched);
  }

  @Test
  void whatIsNoPageLeadsToNoBlock() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 512)) {
      assertThat(PrivateParts.only(allocator, Engine.class).free(-2)).isFalse();
    }
    Stage stage = new Stage(1, Fixtures.pages(0, 512));
    long[] hints = PrivateParts.named(stage.slot(0), "hints", long[].class);
    hints[SlotHints.top(3)] = SlotHints.full(3);
    assertThat(stage.allocate(0, 3)).as("what is handed out is not taken").isBetween(0L, 504L);
    stage.trees().validate();
  }

  /** Returns how many blocks, at pages from 1 on, there was room for. */
  private int fill(int order) {
    int count = 0;
    while (slot.pushRecent(order, count + 1)) {
      count++;
    }
    return count;
  }

  private List<Long> takeAll(int order) {
    List<Long> pages = new ArrayList<>();
    long page = slot.popRecent(order);
    while (page != Engine.NO_PAGE) {
      pages.add(page);
      page = slot.popRecent(order);
    }
    return pages;
  }

  private static long top(int depth) {
    return depth == 0 ? Engine.NO_PAGE : depth;
  }

  private static List<Long> down(int from) {
    return LongStream.rangeClosed(1, from).map(page -> from + 1 - page).boxed().toList();
  }
}
