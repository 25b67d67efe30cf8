package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One stripe of several beside a deque, and the words of a page table. */
class PlainStripesTableTest {

  @ParameterizedTest
  @CsvSource({"0, 64, 0", "0, 64, 3", "5, 59, 0", "6, 50, 1", "262151, 100, 2"})
  void behavesLikeADequeWithRemovalFromTheMiddle(long page, int pageCount, int order) {
    PlainLayout layout = PlainLayout.covering(page, pageCount);
    PlainStripes stripes = stripes(layout);
    ArrayDeque<Integer> expected = new ArrayDeque<>();
    List<Integer> absent = blocks(layout, order);
    SplittableRandom random = new SplittableRandom(order);
    for (int step = 0; step < 3_000; step++) {
      step(stripes, order, expected, absent, random);
      assertThat(stripes.count(order)).isEqualTo(expected.size());
      assertThat(stripes.nonEmptyOrders()).isEqualTo(expected.isEmpty() ? 0 : 1 << order);
      stripes.validate();
    }
    for (int block : blocks(layout, order)) {
      assertThat(stripes.contains(order, block)).isEqualTo(expected.contains(block));
    }
  }

  private static void step(
      PlainStripes stripes,
      int order,
      ArrayDeque<Integer> expected,
      List<Integer> absent,
      SplittableRandom random) {
    if (!absent.isEmpty() && (expected.isEmpty() || random.nextBoolean())) {
      Collections.swap(absent, random.nextInt(absent.size()), absent.size() - 1);
      int page = absent.removeLast();
      stripes.push(order, page);
      expected.push(page);
    } else if (random.nextBoolean()) {
      int page = expected.pop();
      assertThat(stripes.pop(order)).isEqualTo(page);
      absent.add(page);
    } else {
      int page = List.copyOf(expected).get(random.nextInt(expected.size()));
      stripes.remove(order, page);
      expected.remove(page);
      absent.add(page);
    }
  }

  private static List<Integer> blocks(PlainLayout layout, int order) {
    List<Integer> blocks = new ArrayList<>();
    for (int page = layout.firstPage(); page < layout.endPage(); page++) {
      if (layout.largestOrderAt(page) >= order) {
        blocks.add(page);
      }
    }
    return blocks;
  }

  @Test
  void stripesOfOneTreeDoNotDisturbEachOther() {
    PlainStripes stripes = stripes(PlainLayout.covering(0, 16));
    stripes.push(0, 3);
    stripes.push(1, 4);
    stripes.push(3, 8);
    stripes.push(0, 2);
    stripes.validate();
    assertThat(counts(stripes)).containsExactly(2, 1, 0, 1, 0);
    assertThat(stripes.nonEmptyOrders()).isEqualTo(0b01011);
    assertThat(stripes.contains(1, 2)).isFalse();
    assertThat(stripes.pop(0)).isEqualTo(2);
    assertThat(stripes.pop(3)).isEqualTo(8);
    assertThat(stripes.nonEmptyOrders()).isEqualTo(0b00011);
    stripes.validate();
  }

  private static List<Integer> counts(PlainStripes stripes) {
    return IntStream.rangeClosed(0, 4).mapToObj(stripes::count).toList();
  }

  @Test
  void digestTellsEveryBitCountAndMask() {
    PlainLayout layout = PlainLayout.covering(0, 8);
    PlainStripes stripes = stripes(layout);
    long empty = stripes.digest();
    for (int page = 0; page < 8; page++) {
      stripes.push(0, page);
      assertThat(stripes.digest()).isNotEqualTo(empty);
      stripes.remove(0, page);
      assertThat(stripes.digest()).isEqualTo(empty);
    }
  }

  @Test
  void wordTellsTheOrderOfAnAllocatedBlock() {
    PlainPageTable table = new PlainPageTable(4);
    for (int order = 0; order < Orders.COUNT; order++) {
      assertThat(table.isAllocated(2)).isFalse();
      assertThat(table.isClear(2)).isTrue();
      table.setAllocated(2, order);
      assertThat(table.isAllocated(2)).isTrue();
      assertThat(table.isClear(2)).isFalse();
      assertThat(table.allocatedOrder(2)).isEqualTo(order);
      assertThat(table.isClear(1) && table.isClear(3)).isTrue();
      table.clear(2);
    }
  }

  @Test
  void digestTellsEveryWord() {
    PlainPageTable table = new PlainPageTable(3);
    long clear = table.digest();
    for (int slot = 0; slot < 3; slot++) {
      table.setAllocated(slot, 0);
      assertThat(table.digest()).isNotEqualTo(clear);
      table.clear(slot);
      assertThat(table.digest()).isEqualTo(clear);
    }
    table.join(1, 2);
    assertThat(table.next(1)).isEqualTo(2);
    assertThat(table.previous(2)).isEqualTo(1);
    assertThat(table.isAllocated(1)).isFalse();
    assertThat(table.digest()).isNotEqualTo(clear);
  }

  private static PlainStripes stripes(PlainLayout layout) {
    return new PlainStripes(layout, new PlainPageTable(layout.slotCount()));
  }
}
