package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A unit's word beside an array that says of each place what it is, and where it leads. */
class UnitWordTableTest {

  private static final int PLACES = 16;
  private static final int INDEX = 1;

  @Test
  void randomWalk() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    long[] words = {0, BuddyWord.FREE_HALF};
    PlainWord plain = new PlainWord(PLACES);
    int leading = 0;
    for (int step = 0; step < 20_000; step++) {
      int place = random.nextInt(PLACES);
      if (plain.isBroken(place)) {
        Words.SHARED.healHalf(words, INDEX, 1 << place);
        plain.heal(place);
        leading &= ~(1 << place);
      } else if (plain.allocatedOrder(place) >= 0) {
        assertThat(Words.SHARED.free(words, INDEX, place)).isEqualTo(plain.allocatedOrder(place));
        plain.free(place);
      } else if (plain.isFree(place) && random.nextBoolean()) {
        int order = plain.freeOrderAt(place);
        assertThat(Words.SHARED.claim(words, INDEX, BuddyWord.places(place, order))).isTrue();
        plain.allocate(place, order);
      } else {
        leading |= breakUp(words, plain);
      }
      assertAgrees("seed %d, step %d".formatted(seed, step), words[INDEX], plain, leading);
    }
  }

  private static int breakUp(long[] words, PlainWord plain) {
    int found = Words.SHARED.breakUp(words, INDEX);
    if (found == Words.NONE) {
      return 0;
    }
    int place = BuddyWord.place(found);
    assertThat(plain.find(0).getFirst()).isEqualTo(place);
    plain.breakUp(place);
    return 1 << place;
  }

  private static void assertAgrees(String what, long word, PlainWord plain, int leading) {
    assertThat(word).as(what).isEqualTo(plain.bits() | ((long) leading << PLACES));
    assertThat(UnitWord.leadingPlaces(word)).as(what).isEqualTo(leading);
    assertThat(BuddyWord.freePlaces(word)).as(what).isEqualTo(plain.freePlaces());
    for (int place = 0; place < PLACES; place++) {
      assertThat(UnitWord.leads(word, place)).as(what).isEqualTo(((leading >>> place) & 1) != 0);
      assertThat(BuddyWord.isBroken(word, place)).as(what).isEqualTo(plain.isBroken(place));
      assertThat(BuddyWord.allocatedOrder(word, place))
          .as(what)
          .isEqualTo(plain.allocatedOrder(place));
    }
    assertThat(UnitWord.notLeading(word, 0xFFFF)).as(what).isEqualTo(plain.bits());
  }

  @Test
  void aNewWordOfPagesIsFilledLessABlock() {
    long[] words = new long[Tiers.wordCount(Tiers.UNIT_ORDER)];
    int first = Tiers.firstPageWord(0);
    words[Tiers.unitWord(0)] = BuddyWord.FREE_HALF;
    int found = PageWords.allocateFromNew(Words.SHARED, words, first, 3);
    assertThat(PageWords.page(found)).isZero();
    assertThat(PageWords.splits(found)).isEqualTo(4 + 2);
    found = PageWords.allocateFromNew(Words.SHARED, words, first, 0);
    assertThat(PageWords.page(found)).isEqualTo(32);
    assertThat(PageWords.splits(found)).isEqualTo(0 + 5);
    assertThat(words[first]).isEqualTo(BuddyWord.allocated(BuddyWord.FREE, 0, 3));
    assertThat(words[first + 1]).isEqualTo(BuddyWord.allocated(BuddyWord.FREE, 0, 0));
    assertThat(PageWords.serving(Words.SHARED, words, 0, 4)).isEqualTo(3);
  }

  @Test
  void aWordThatIsBegunCountsAsFree() {
    assertThat(PageWords.assumed(0, 0b01)).isEqualTo(BuddyWord.FREE);
    assertThat(PageWords.assumed(0, 0b10)).isZero();
    assertThat(PageWords.assumed(3, 0b01)).isEqualTo(3);
  }
}
