package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much may wait or be drawn on: shares of what is free, by table. */
class PatienceTableTest {

  @ParameterizedTest
  @CsvSource({
    // free pages, units broken up, pages that may wait in each, pages of a dense one
    "0, 0, 1, 4",
    "0, 5, 1, 4",
    "63, 1, 1, 4",
    "127, 1, 1, 4",
    "128, 1, 2, 8",
    "128, 2, 1, 4",
    "255, 1, 2, 8",
    "1024, 1, 16, 64",
    "1024, 0, 16, 64",
    "4096, 1, 64, 128",
    "262144, 1, 64, 128",
    "262144, 512, 8, 32",
    "131072, 512, 4, 16",
    "131072, 400, 4, 16",
    "33554432, 65536, 8, 32"
  })
  void a64thOfWhatIsFreeMayWait(long freePages, long brokenUnits, int pages, int densePages) {
    Patience patience = new Patience();
    patience.add(freePages, brokenUnits);
    assertThat(patience.pages()).isEqualTo(pages);
    assertThat(Patience.densePages(patience.pages())).isEqualTo(densePages);
  }

  @ParameterizedTest
  @CsvSource({"1, false", "8, false", "16, true", "64, true"})
  void unitsDrawnOnAreDenseWhereMemoryIsPlenty(int patiencePages, boolean dense) {
    assertThat(Patience.isDrawnDense(patiencePages)).isEqualTo(dense);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, false",
    "8191, 0, false",
    "8192, 0, true",
    "8192, 1, false",
    "16383, 1, false",
    "16384, 1, true",
    "131072, 15, true",
    "131072, 16, false",
    "262144, 31, true",
    "262144, 32, false"
  })
  void unitsDrawnOnAreA16thOfWhatIsFree(long freePages, int drawnUnits, boolean oneMore) {
    Patience patience = new Patience();
    patience.add(freePages, 0);
    patience.addDrawn(drawnUnits);
    assertThat(patience.allowsDrawing()).isEqualTo(oneMore);
  }

  @Test
  void groupsOfTheirOwnAreAQuarterOfWhatIsFree() {
    long least = 4L * GroupHomes.COUNT * GroupHomes.GROUP_PAGES;
    Patience patience = new Patience();
    assertThat(patience.allowsOwnGroups()).isFalse();
    patience.add(least - 1, 0);
    assertThat(patience.allowsOwnGroups()).isFalse();
    patience.add(1, 0);
    assertThat(patience.allowsOwnGroups()).isTrue();
  }

  @Test
  void pagesOfNewTreesCountForGroupsAndTreesOfTheirOwn() {
    long least = 4L * GroupHomes.COUNT * Orders.pages(Orders.MAX_ORDER);
    Patience patience = new Patience();
    patience.addNew(least - 1);
    assertThat(patience.allowsOwnGroups()).isTrue();
    assertThat(patience.allowsOwnTrees()).isFalse();
    patience.add(1, 0);
    assertThat(patience.allowsOwnTrees()).isTrue();
    patience.addNew(-1);
    assertThat(patience.allowsOwnTrees()).isFalse();
    assertThat(patience.pages()).as("nothing waits for their sake").isEqualTo(1);
  }

  @Test
  void figuresOfAllTreesAddUp() {
    Patience patience = new Patience();
    patience.add(10_000, 3);
    patience.add(-1_808, -2);
    assertThat(patience.pages()).isEqualTo(64);
    patience.add(0, 1);
    assertThat(patience.pages()).isEqualTo(64);
    patience.add(0, 1);
    assertThat(patience.pages()).isEqualTo(32);
    assertThat(patience.allowsDrawing()).isTrue();
    patience.addDrawn(1);
    assertThat(patience.allowsDrawing()).isFalse();
    patience.addDrawn(-1);
    assertThat(patience.allowsDrawing()).isTrue();
  }
}
