package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is packed into a cursor comes out of it again, for blocks of every order. */
class CursorTableTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 65_535})
  void leadsToTheBlock(int tree) {
    for (int order = 0; order < Orders.COUNT; order++) {
      int tier = Tiers.of(order);
      int step = Orders.pages(Math.max(order, 5));
      for (int page = Orders.pages(order) % step; page < 1 << 18; page += step) {
        long cursor = Cursor.of(tree, page, order);
        assertThat(Cursor.tree(cursor)).isEqualTo(tree);
        assertThat(Cursor.index(cursor)).isEqualTo(Tiers.word(tier, page));
        assertThat(Cursor.orderInWord(cursor)).isEqualTo(Tiers.orderInWord(order));
        assertThat(Cursor.page(cursor, Tiers.place(tier, page))).isEqualTo(page);
        assertThat(Cursor.unit(cursor)).isEqualTo(order < 9 ? page / 512 : Cursor.NONE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4})
  void movesWithinItsUnit(int order) {
    for (int unit : new int[] {0, 5, 511}) {
      for (int page = unit * 512; page < (unit + 1) * 512; page += Orders.pages(order)) {
        long cursor = Cursor.of(65_535, unit * 512 + 13 * 32, order);
        assertThat(Cursor.moved(cursor, page)).isEqualTo(Cursor.of(65_535, page, order));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 8})
  void knowsItsUnit(int order) {
    long cursor = Cursor.of(7, 5 * 512, order);
    assertThat(Cursor.isSameUnit(cursor, Cursor.of(7, 5 * 512 + 256, order))).isTrue();
    assertThat(Cursor.isSameUnit(cursor, Cursor.of(7, 4 * 512 + 256, order))).isFalse();
    assertThat(Cursor.isSameUnit(cursor, Cursor.of(8, 5 * 512, order))).isFalse();
    assertThat(Cursor.isSameUnit(Cursor.of(0, 0, order), Cursor.NOWHERE)).isFalse();
  }

  @Test
  void nowhereIsAWordThatIsAlwaysEmpty() {
    assertThat(Cursor.tree(Cursor.NOWHERE)).isZero();
    assertThat(Cursor.index(Cursor.NOWHERE)).isEqualTo(Tiers.NOWHERE);
    assertThat(Cursor.unit(Cursor.NOWHERE)).isEqualTo(Cursor.NONE);
    assertThat(Fixtures.tree(TreeLayout.covering(0, 1 << 18), Words.SHARED).words()[Tiers.NOWHERE])
        .isZero();
  }
}
