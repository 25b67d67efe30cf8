package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is freed to the unit that a thread draws on is handed out again first, however empty it is,
 * unless many units are broken up for what is free. When the thread lets go of it, it is worth a
 * look if pages are left.
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
    return ReturnedUnits.isDense(Words.SHARED, words(), RecordingRegion.unitOf(page));
  }

  private boolean isWorthwhile(long page) {
    int word = ReturnedUnits.wordOf(RecordingRegion.unitOf(page));
    long bit = ReturnedUnits.bitOf(RecordingRegion.unitOf(page));
    return (ReturnedUnits.worthwhile(Words.SHARED, words(), word) & bit) != 0;
  }

  private long[] words() {
    return PrivateParts.only(PrivateParts.trees(allocator).all()[0], Tree.class).words();
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

  @Test
  void isNotWorthALookWhenItIsFullAndLetGo() {
    List<Long> halves = Fixtures.allocate(allocator, 3, Tiers.UNIT_ORDER - 1);

    assertThat(RecordingRegion.unitOf(halves.get(2)))
        .as("a second unit")
        .isNotEqualTo(RecordingRegion.unitOf(halves.get(1)));
    assertThat(isWorthwhile(halves.get(1))).isFalse();
  }

  @Test
  void isWorthALookIfPagesAreLeftWhenItIsLetGo() {
    long half = allocator.allocatePages(Tiers.UNIT_ORDER - 1);
    long page = half ^ (RecordingRegion.UNIT_BYTES / 2);
    allocator.runs().allocate(PageRequest.ofPages(1).at(page));

    assertThat(RecordingRegion.unitOf(allocator.allocatePages(Tiers.UNIT_ORDER - 1)))
        .isNotEqualTo(RecordingRegion.unitOf(half));
    assertThat(isWorthwhile(half)).isTrue();
  }
}
