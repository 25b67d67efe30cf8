package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One stripe beside a deque, and the words of a page table. */
class StripeTableTest {

  @ParameterizedTest
  @CsvSource({"0, 64, 0", "0, 64, 3", "5, 59, 0", "6, 50, 1", "262151, 100, 2"})
  void behavesLikeADequeWithRemovalFromTheMiddle(long page, int pageCount, int order) {
    TreeLayout layout = TreeLayout.covering(page, pageCount);
    Stripe stripe = stripe(order, layout);
    ArrayDeque<Integer> expected = new ArrayDeque<>();
    List<Integer> absent = blocks(layout, order);
    SplittableRandom random = new SplittableRandom(order);
    for (int step = 0; step < 3_000; step++) {
      step(stripe, expected, absent, random);
      assertThat(stripe.count()).isEqualTo(expected.size());
      assertThat(stripe.isEmpty()).isEqualTo(expected.isEmpty());
      stripe.validate();
    }
    for (int block : blocks(layout, order)) {
      assertThat(stripe.contains(block)).isEqualTo(expected.contains(block));
    }
  }

  private static void step(
      Stripe stripe, ArrayDeque<Integer> expected, List<Integer> absent, SplittableRandom random) {
    if (!absent.isEmpty() && (expected.isEmpty() || random.nextBoolean())) {
      Collections.swap(absent, random.nextInt(absent.size()), absent.size() - 1);
      int page = absent.removeLast();
      stripe.push(page);
      expected.push(page);
    } else if (random.nextBoolean()) {
      int page = expected.pop();
      assertThat(stripe.pop()).isEqualTo(page);
      absent.add(page);
    } else {
      int page = List.copyOf(expected).get(random.nextInt(expected.size()));
      stripe.remove(page);
      expected.remove(page);
      absent.add(page);
    }
  }

  private static List<Integer> blocks(TreeLayout layout, int order) {
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
    TreeLayout layout = TreeLayout.covering(0, 16);
    BitVector bits = new BitVector(layout.nodeCount());
    PageTable table = new PageTable(layout.slotCount());
    List<Stripe> stripes = new ArrayList<>();
    for (int order = 0; order <= layout.height(); order++) {
      stripes.add(new Stripe(order, layout, bits, table));
    }
    stripes.get(0).push(3);
    stripes.get(1).push(4);
    stripes.get(3).push(8);
    stripes.get(0).push(2);
    stripes.forEach(Stripe::validate);
    assertThat(stripes.stream().map(Stripe::count)).containsExactly(2, 1, 0, 1, 0);
    assertThat(stripes.get(1).contains(2)).isFalse();
    assertThat(stripes.get(0).pop()).isEqualTo(2);
    assertThat(stripes.get(3).pop()).isEqualTo(8);
    stripes.forEach(Stripe::validate);
  }

  @Test
  void wordTellsTheOrderOfAnAllocatedBlock() {
    PageTable table = new PageTable(4);
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
    PageTable table = new PageTable(3);
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

  private static Stripe stripe(int order, TreeLayout layout) {
    return new Stripe(
        order, layout, new BitVector(layout.nodeCount()), new PageTable(layout.slotCount()));
  }
}
