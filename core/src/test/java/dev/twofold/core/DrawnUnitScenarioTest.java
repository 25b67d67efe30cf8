package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is freed to the unit that a thread draws on is handed out again first, however empty it is.
 */
class DrawnUnitScenarioTest {

  private static final int UNITS = 128;

  private final BuddyAllocator allocator = Fixtures.allocator(RecordingRegion.ofUnits(UNITS));

  @AfterEach
  void close() {
    allocator.validate();
    allocator.close();
  }

  private List<Long> allocate(int count) {
    List<Long> pages = new ArrayList<>();
    for (int page = 0; page < count; page++) {
      pages.add(allocator.allocatePages(0));
    }
    return pages;
  }

  @Test
  void aPageFreedToAnAlmostEmptyUnitIsHandedOutAgainFirst() {
    List<Long> pages = allocate(Orders.pages(Tiers.WORD_ORDER) + 8); // The cursor is at word 2.
    allocator.freePages(pages.get(5));
    allocator.freePages(pages.get(3));

    assertThat(allocate(2)).containsExactly(pages.get(3), pages.get(5));
  }

  @Test
  void aUnitThatIsDrawnOnIsDenseUntilItIsLetGo() {
    allocate(1);
    long[] words = PrivateParts.only(PrivateParts.trees(allocator).all()[0], Tree.class).words();
    assertThat(ReturnedUnits.isDense(Words.SHARED, words, 0)).isTrue();

    allocator.drain();

    assertThat(ReturnedUnits.isDense(Words.SHARED, words, 0)).isFalse();
  }
}
