package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is freed to the unit that a thread draws on is handed out again first, however empty it is,
 * unless many units are broken up for what is free.
 */
class DrawnUnitScenarioTest {

  private static final int UNITS = 128;

  private final BuddyAllocator allocator = Fixtures.allocator(RecordingRegion.ofUnits(UNITS));

  @AfterEach
  void close() {
    allocator.validate();
    allocator.close();
  }

  private boolean isDense(long page) {
    Tree tree = PrivateParts.only(PrivateParts.trees(allocator).all()[0], Tree.class);
    return ReturnedUnits.isDense(
        Words.SHARED, tree.words(), (int) (page / RecordingRegion.UNIT_BYTES));
  }

  @Test
  void aPageFreedToAnAlmostEmptyUnitIsHandedOutAgainFirst() {
    int pagesOfWord = Orders.pages(Tiers.WORD_ORDER);
    List<Long> pages = Fixtures.allocate(allocator, pagesOfWord + 8, 0); // Goes on in word 2.
    allocator.freePages(pages.get(5));
    allocator.freePages(pages.get(3));

    assertThat(Fixtures.allocate(allocator, 2, 0)).containsExactly(pages.get(3), pages.get(5));
  }

  @Test
  void aUnitThatIsDrawnOnIsDenseUntilItIsLetGo() {
    long page = allocator.allocatePages(0);
    assertThat(isDense(page)).isTrue();

    allocator.drain();

    assertThat(isDense(page)).isFalse();
  }

  @Test
  void isNotDenseForThatWhereManyUnitsAreBrokenUp() {
    List<Long> pages = Fixtures.allocate(allocator, UNITS / 2 * Tiers.UNIT_PAGES, 0);
    pages.removeIf(page -> page % RecordingRegion.UNIT_BYTES == 0); // One is left in each unit.
    Fixtures.freeAll(allocator, pages);
    allocator.drain();

    long page = allocator.allocatePages(0);

    assertThat(isDense(page)).isFalse();
  }
}
