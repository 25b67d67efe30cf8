package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bit arithmetic of a word against tables written by hand, and beside an array of places under
 * random operations: every question that can be asked of a word, after every step.
 */
class BuddyWordTableTest {

  private static final int STEPS = 1_000;

  /** Words are 16 digits: the high half, then the low one; place 0 is the rightmost bit of each. */
  @ParameterizedTest
  @CsvSource({
    "00000000FFFFFFFF, 0, 0, 5",
    "00000000FFFFFFFF, 5, 0, 0",
    "FFFF00000000FFFF, 0, 0, 4",
    "FFFF00000000FFFF, 4, 0, 0",
    // Page 0 is allocated: 1, 2 to 3, 4 to 7 and so on are free.
    "00000001FFFFFFFE, 0, 1, 0",
    "00000001FFFFFFFE, 1, 2, 0",
    "00000001FFFFFFFE, 2, 4, 0",
    "00000001FFFFFFFE, 3, 8, 0",
    "00000001FFFFFFFE, 4, 16, 0",
    // The smallest that serves comes first, not the lowest: 0 to 3 and 16 to 17 are free.
    "000000000003000F, 0, 16, 1",
    "000000000003000F, 1, 16, 0",
    "000000000003000F, 2, 0, 0",
    // The lowest of the smallest: 8 to 9 before 12 to 13.
    "0000000000003300, 0, 8, 1",
    // Places 1 to 2 are free, but no buddies.
    "0000000000000006, 0, 1, 0",
    // Of places that are broken up none is free.
    "0000000F0000001F, 0, 4, 0",
    "8000000080000000, 0, -1, 0",
    "0000000000000006, 1, -1, 0",
    "00000001FFFFFFFE, 5, -1, 0",
    "FFFF00000000FFFF, 5, -1, 0",
    "0000000000000000, 0, -1, 0"
  })
  void findsTheLowestOfTheSmallest(String digits, int order, int place, int splits) {
    long word = Long.parseUnsignedLong(digits, 16);
    int found = BuddyWord.find(word, order);
    assertThat(BuddyWord.serves(word, order)).isEqualTo(place >= 0);
    if (place < 0) {
      assertThat(found).isEqualTo(BuddyWord.NONE);
    } else {
      assertThat(BuddyWord.place(found)).isEqualTo(place);
      assertThat(BuddyWord.splits(found)).isEqualTo(splits);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "00000000FFFFFFFF, 0, 0, 00000001FFFFFFFE",
    "00000000FFFFFFFF, 31, 0, 800000007FFFFFFF",
    "00000000FFFFFFFF, 8, 3, 00000100FFFF00FF",
    "00000000FFFFFFFF, 16, 4, 000100000000FFFF",
    "00000000FFFFFFFF, 0, 5, 0000000100000000",
    "FFFF00000000FFFF, 0, 4, FFFF000100000000",
    "FFFF00000000FFFF, 8, 2, FFFF01000000F0FF"
  })
  void allocatingAndFreeingAreInverse(String free, int place, int order, String allocated) {
    long before = Long.parseUnsignedLong(free, 16);
    long after = Long.parseUnsignedLong(allocated, 16);
    assertThat(BuddyWord.allocated(before, place, order)).isEqualTo(after);
    assertThat(BuddyWord.allocatedOrder(after, place)).isEqualTo(order);
    assertThat(BuddyWord.freed(after, place)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "0000000000000001, 1",
    "8000000000000000, 1",
    "0000000000000006, 1",
    "0000000100000000, 1",
    // Neither pairs nor larger blocks reach across the middle of two words.
    "0000000180000000, 1",
    "0000FFFFFFFF0000, 31",
    "0000000000000003, 3",
    "C000000000000000, 3",
    "0000000F00000000, 7",
    "0000FF0000000000, 15",
    "FFFF000000000000, 31",
    "00000000FFFFFFFF, 63",
    "FFFFFFFF00000000, 63",
    "7FFFFFFFFFFFFFFE, 31"
  })
  void servedOrdersOfTwoWords(String free, int orders) {
    assertThat(BuddyWord.servedOrders(Long.parseUnsignedLong(free, 16))).isEqualTo(orders);
  }

  @Test
  void servedOrdersOfEveryRunOfPlaces() {
    for (int from = 0; from < 64; from++) {
      for (int to = from + 1; to <= 64; to++) {
        long run = (-1L << from) & (-1L >>> (64 - to));
        int served = 0;
        for (int order = 0; order <= BuddyWord.MAX_ORDER; order++) {
          int start = Math.ceilDiv(from, 1 << order) << order;
          served |= start + (1 << order) <= to ? 1 << order : 0;
        }
        assertThat(BuddyWord.servedOrders(run)).as("places %d to %d", from, to).isEqualTo(served);
      }
    }
  }

  @Test
  void halfAWordIsSixteenPlacesAndTheRestIsNotCovered() {
    long half = BuddyWord.FREE;
    for (int place = 16; place < BuddyWord.PLACES; place++) {
      half = BuddyWord.uncovered(half, place);
    }
    assertThat(half).isEqualTo(BuddyWord.FREE_HALF).isEqualTo(new PlainWord(16).bits());
    assertThat(BuddyWord.FREE).isEqualTo(new PlainWord(32).bits());
    assertThat(BuddyWord.largestFreeOrder(half)).isEqualTo(4);
    assertThat(BuddyWord.largestFreeOrder(BuddyWord.FREE)).isEqualTo(BuddyWord.MAX_ORDER);
    assertThat(BuddyWord.largestFreeOrder(0)).isEqualTo(BuddyWord.NONE);
  }

  static Stream<Arguments> walks() {
    return Stream.of(Words.SHARED, Words.CONFINED)
        .flatMap(access -> Stream.of(Arguments.of(access, 32), Arguments.of(access, 16)));
  }

  @ParameterizedTest
  @MethodSource("walks")
  void besideAnArrayOfPlaces(Words access, int places) {
    for (long seed = 1; seed <= 2; seed++) {
      walk(access, places, seed);
    }
    long seed = System.nanoTime();
    System.out.println("BuddyWordTableTest.besideAnArrayOfPlaces, seed " + seed);
    walk(access, places, seed);
  }

  private static void walk(Words access, int places, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] words = {-1, places == 32 ? BuddyWord.FREE : BuddyWord.FREE_HALF, -1};
    PlainWord plain = new PlainWord(places);
    int allocatePercent = 50;
    for (int step = 0; step < STEPS; step++) {
      if (step % 100 == 0) {
        allocatePercent = random.nextInt(20, 80);
      }
      long before = words[1];
      if (random.nextInt(100) < allocatePercent) {
        allocate(access, words, plain, random);
      } else {
        release(access, words, plain, places, random);
      }
      String what = "seed %d, step %d, from %016x".formatted(seed, step, before);
      assertThat(words).as(what).containsExactly(-1, plain.bits(), -1);
      assertPlacesAgree(what, words[1], plain);
      assertOrdersAgree(what, words[1], plain, places);
      assertPlacesInBlocksAgree(what, words[1], plain, random.nextInt());
      assertAnyAmongAgrees(what, words[1], plain, random.nextInt());
    }
    for (int place = 0; place < places; place++) {
      if (plain.isBroken(place)) {
        access.heal(words, 1, 1 << place);
      } else {
        access.free(words, 1, place);
      }
    }
    assertThat(words[1]).isEqualTo(new PlainWord(places).bits());
  }

  private static void allocate(
      Words access, long[] words, PlainWord plain, SplittableRandom random) {
    int order = Math.min(random.nextInt(6), random.nextInt(6));
    int place = random.nextInt(32) & -(1 << order);
    switch (random.nextInt(6)) {
      case 0 -> {
        int found = access.breakUp(words, 1, 0);
        if (assertFound(found, plain.find(0), 0)) {
          plain.breakUp(BuddyWord.place(found));
        }
      }
      case 1, 2 -> {
        boolean free = plain.splitsTo(place, order) != BuddyWord.NONE;
        assertThat(access.claim(words, 1, BuddyWord.places(place, order))).isEqualTo(free);
        if (free) {
          plain.allocate(place, order);
        }
      }
      default -> {
        int found = access.allocate(words, 1, order);
        if (assertFound(found, plain.find(order), order)) {
          plain.allocate(BuddyWord.place(found), order);
        }
      }
    }
  }

  /** Also tries places at which there is nothing to free; those not covered stay so. */
  private static void release(
      Words access, long[] words, PlainWord plain, int places, SplittableRandom random) {
    int place = random.nextInt(places);
    List<Integer> allocated = plain.allocatedPlaces().stream().filter(at -> at < places).toList();
    if (plain.isBroken(place)) {
      access.heal(words, 1, 1 << place);
      plain.heal(place);
      return;
    }
    if (!allocated.isEmpty() && random.nextBoolean()) {
      place = allocated.get(random.nextInt(allocated.size()));
    }
    int expected = plain.allocatedOrder(place);
    int order = expected;
    if (random.nextBoolean()) {
      order = access.free(words, 1, place);
    } else if (access.release(words, 1, BuddyWord.places(place, Math.max(0, expected))) == 0) {
      order = Words.NONE;
    }
    assertThat(order).isEqualTo(expected);
    if (order != Words.NONE) {
      plain.free(place);
    }
  }

  private static boolean assertFound(int found, List<Integer> placeAndOrder, int order) {
    if (placeAndOrder.isEmpty()) {
      assertThat(found).isEqualTo(Words.NONE);
      return false;
    }
    assertThat(BuddyWord.place(found)).isEqualTo(placeAndOrder.getFirst());
    assertThat(BuddyWord.splits(found)).isEqualTo(placeAndOrder.getLast() - order);
    return true;
  }

  private static void assertPlacesAgree(String what, long word, PlainWord plain) {
    int broken = 0;
    for (int place = 0; place < BuddyWord.PLACES; place++) {
      broken |= plain.isBroken(place) ? 1 << place : 0;
      assertThat(BuddyWord.isBroken(word, place)).as(what).isEqualTo(plain.isBroken(place));
      assertThat(BuddyWord.allocatedOrder(word, place))
          .as(what)
          .isEqualTo(plain.allocatedOrder(place));
      assertThat(BuddyWord.freeOrderAt(word, place)).as(what).isEqualTo(plain.freeOrderAt(place));
    }
    assertThat(BuddyWord.brokenPlaces(word)).as(what).isEqualTo(broken);
    assertThat(BuddyWord.freePlaces(word)).as(what).isEqualTo(plain.freePlaces());
  }

  private static void assertOrdersAgree(String what, long word, PlainWord plain, int places) {
    int served = 0;
    long[] free = new long[Orders.COUNT];
    long[] allocated = new long[Orders.COUNT];
    int placeOrder = 9;
    BuddyWord.addTo(word, 0, places, placeOrder, free, allocated);
    for (int order = 0; order <= BuddyWord.MAX_ORDER; order++) {
      List<Integer> placeAndOrder = plain.find(order);
      served |= placeAndOrder.isEmpty() ? 0 : 1 << order;
      assertFound(BuddyWord.find(word, order), placeAndOrder, order);
      assertThat(BuddyWord.serves(word, order)).as(what).isEqualTo(!placeAndOrder.isEmpty());
      assertThat(free[placeOrder + order]).as(what).isEqualTo(plain.freeBlocks(order));
      assertThat(allocated[placeOrder + order])
          .as(what)
          .isEqualTo(plain.allocatedBlocks(order, places));
      for (int place = 0; place < 32; place += 1 << order) {
        long block = BuddyWord.places(place, order);
        assertThat(BuddyWord.isFree(word, block)).as(what).isEqualTo(plain.isFree(place, order));
        assertThat(BuddyWord.isAllocated(word, block))
            .as(what)
            .isEqualTo(plain.allocatedOrder(place) == order);
      }
    }
    assertThat(BuddyWord.servedOrders(BuddyWord.freePlaces(word, 0))).as(what).isEqualTo(served);
    assertThat(BuddyWord.servedOrders(BuddyWord.freePlaces(0, word))).as(what).isEqualTo(served);
    assertThat(BuddyWord.largestFreeOrder(word)).as(what).isEqualTo(Orders.largestOf(served));
  }

  /** Also of blocks all of whose places are among some. */
  private static void assertPlacesInBlocksAgree(
      String what, long word, PlainWord plain, int among) {
    for (int order = 0; order <= BuddyWord.MAX_ORDER; order++) {
      int inBlocks = 0;
      Set<Integer> candidates = new TreeSet<>();
      List<Integer> placeAndOrder = plain.find(order);
      for (int place = 0; place < 32; place += 1 << order) {
        int block = (int) BuddyWord.places(place, order);
        boolean free = plain.isFree(place, order);
        inBlocks |= free ? block : 0;
        if (free
            && (block & ~among) == 0
            && plain.splitsTo(place, order) == placeAndOrder.getLast() - order) {
          candidates.add(place);
        }
      }
      assertThat(BuddyWord.placesInBlocks(word, order)).as(what).isEqualTo(inBlocks);
      int found = BuddyWord.findAmong(word, order, among);
      if (found == BuddyWord.NONE) {
        assertThat(candidates).as(what).isEmpty();
      } else {
        assertThat(candidates).as(what).contains(BuddyWord.place(found));
        assertThat(BuddyWord.splits(found)).isEqualTo(placeAndOrder.getLast() - order);
      }
    }
  }

  /** The block lies in the smallest of the blocks that are free and all among some. */
  private static void assertAnyAmongAgrees(String what, long word, PlainWord plain, int among) {
    long others = word & (among | (-1L << BuddyWord.PLACES));
    for (int order = 0; order <= BuddyWord.MAX_ORDER; order++) {
      int found = BuddyWord.findAnyAmong(word, order, among);
      assertThat(found == BuddyWord.NONE).as(what).isEqualTo(!BuddyWord.serves(others, order));
      if (found != BuddyWord.NONE) {
        int place = BuddyWord.place(found);
        long block = BuddyWord.places(place, order);
        assertThat(place).as(what).isEqualTo(BuddyWord.place(BuddyWord.find(others, order)));
        assertThat(plain.isFree(place, order) && (block & ~Integer.toUnsignedLong(among)) == 0)
            .as(what)
            .isTrue();
        assertThat(BuddyWord.splits(found)).as(what).isEqualTo(plain.splitsTo(place, order));
      }
    }
  }
}
