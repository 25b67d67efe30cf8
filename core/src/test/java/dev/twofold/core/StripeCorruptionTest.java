package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each check of a stripe and of the index must be able to fail. */
class StripeCorruptionTest {

  private static final int ORDER = 1;

  private final TreeLayout layout = TreeLayout.covering(0, 16);
  private final BitVector bits = new BitVector(layout.nodeCount());
  private final PageTable table = new PageTable(layout.slotCount());
  private final Stripe stripe = new Stripe(ORDER, layout, bits, table);

  @BeforeEach
  void listOfThreeBlocks() {
    stripe.push(0);
    stripe.push(6);
    stripe.push(12);
    assertThatCode(stripe::validate).doesNotThrowAnyException();
  }

  private void assertInvalid(String message) {
    assertThatThrownBy(stripe::validate)
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
    assertInvalid("a list is shorter than its count; order [1, 3]");
  }

  @Test
  void listThatGainedABlock() {
    table.join(0, 8);
    table.join(8, layout.headSlot(ORDER));
    bits.set(layout.firstNode(ORDER) + 4);
    assertInvalid("a list is longer than its count; order [1, 3]");
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
    assertInvalid("bits and count disagree; order [1, 4, 3]");
  }

  @Test
  void bitOfANeighbouringStripeIsNotThisOnesConcern() {
    bits.set(layout.firstNode(ORDER) - 1);
    bits.set(2 * layout.firstNode(ORDER));
    assertThatCode(stripe::validate).doesNotThrowAnyException();
  }

  @Test
  void invariantSaysWhatAndWhere() {
    assertThatCode(() -> Invariant.hold(true, "nothing", 1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Invariant.hold(false, "something at", 1, -2))
        .isInstanceOf(AssertionError.class)
        .hasMessage("corrupt metadata: something at [1, -2]");
  }
}
