package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The bit vector beside that of the JDK. */
class PlainBitVectorTableTest {

  private static final int BITS = 200;

  @Test
  void newVectorIsClear() {
    assertThat(new PlainBitVector(BITS).count(0, BITS)).isZero();
    assertThat(new PlainBitVector(0).count(0, 0)).isZero();
  }

  @Test
  void behavesLikeABitSet() {
    SplittableRandom random = new SplittableRandom(7);
    PlainBitVector vector = new PlainBitVector(BITS);
    BitSet expected = new BitSet(BITS);
    for (int step = 0; step < 2_000; step++) {
      int bit = random.nextInt(BITS);
      boolean value = random.nextBoolean();
      expected.set(bit, value);
      if (value) {
        vector.set(bit);
      } else {
        vector.clear(bit);
      }
      int from = random.nextInt(BITS);
      int to = random.nextInt(from, BITS + 1);
      assertThat(vector.get(bit)).isEqualTo(value);
      assertThat(vector.count(from, to)).isEqualTo(expected.get(from, to).cardinality());
    }
    for (int bit = 0; bit < BITS; bit++) {
      assertThat(vector.get(bit)).isEqualTo(expected.get(bit));
    }
  }
}
