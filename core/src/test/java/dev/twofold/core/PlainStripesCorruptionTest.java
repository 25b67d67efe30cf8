package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each check of the stripes must be able to fail. */
class PlainStripesCorruptionTest {

  private static final int ORDER = 1;

  private final PlainLayout layout = PlainLayout.covering(0, 16);
  private final PlainPageTable table = new PlainPageTable(layout.slotCount());
  private final PlainStripes stripes = new PlainStripes(layout, table);
  private final PlainBitVector bits = PrivateParts.only(stripes, PlainBitVector.class);

  @BeforeEach
  void listOfThreeBlocks() {
    stripes.push(ORDER, 0);
    stripes.push(ORDER, 6);
    stripes.push(ORDER, 12);
    assertThatCode(stripes::validate).doesNotThrowAnyException();
  }

  private void assertInvalid(String message) {
    assertThatThrownBy(stripes::validate)
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: " + message);
  }

  @Test
  void linkThatIsNotReturned() {
    table.join(3, 0);
    assertInvalid("list links disagree; slots [6, 0]");
  }

  @Test
  void listThatLostABlock() {
    table.join(12, 0);
    assertInvalid("a list is shorter than its count; order [1]");
  }

  @Test
  void listThatGainedABlock() {
    table.join(0, 8);
    table.join(8, layout.headSlot(ORDER));
    bits.set(layout.firstNode(ORDER) + 4);
    assertInvalid("a list is longer than its count; order [1]");
  }

  @Test
  void listThatRunsInACircleWithoutItsHead() {
    table.join(0, 12);
    assertInvalid("list links disagree; slots [%d, 12]".formatted(layout.headSlot(ORDER)));
  }

  @Test
  void bitOfAListedBlock() {
    bits.clear(layout.firstNode(ORDER) + 3);
    assertInvalid("the bit of a listed block is clear; order, slot [1, 6]");
  }

  @Test
  void bitOfAnUnlistedBlock() {
    bits.set(layout.firstNode(ORDER) + 7);
    assertInvalid("bits and count disagree; order [1, 4]");
  }

  @Test
  void bitOfANeighbouringStripeIsThatOnesConcern() {
    bits.set(2 * layout.firstNode(ORDER));
    assertInvalid("bits and count disagree; order [0, 1]");
  }

  @Test
  void maskThatLacksAnOrder() {
    PrivateParts.add(stripes, "nonEmptyOrders", -(1 << ORDER));
    assertInvalid("mask and count disagree; order [1]");
  }

  @Test
  void maskThatInventsAnOrder() {
    PrivateParts.add(stripes, "nonEmptyOrders", 1 << 3);
    assertInvalid("mask and count disagree; order [3]");
  }

  @Test
  void invariantSaysWhatAndWhere() {
    assertThatCode(() -> Invariant.hold(true, "nothing", 1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Invariant.hold(false, "something at", 1, -2))
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: something at [1, -2]");
  }
}
