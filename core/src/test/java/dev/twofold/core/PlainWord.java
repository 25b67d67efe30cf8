package dev.twofold.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a word of a buddy tree must answer, told in the simplest terms: an array that says of each
 * place what it is, searched place by place.
 */
final class PlainWord {

  private static final int INSIDE = -1;
  private static final int FREE = -2;
  private static final int BROKEN = -3;

  /** The order of the allocated block that starts at a place, or one of the above. */
  private final int[] places = new int[32];

  /** Makes a word whose first {@code count} places are free, and the others not covered. */
  PlainWord(int count) {
    Arrays.fill(places, 0, count, FREE);
  }

  /** Returns the bits that the table in {@link BuddyWord} says. */
  long bits() {
    long bits = 0;
    for (int place = 0; place < places.length; place++) {
      boolean low = places[place] == FREE || places[place] == BROKEN;
      boolean high = places[place] >= 0 || places[place] == BROKEN;
      bits |= (low ? 1L : 0) << place | (high ? 1L : 0) << (32 + place);
    }
    return bits;
  }

  void allocate(int place, int order) {
    Arrays.fill(places, place, place + (1 << order), INSIDE);
    places[place] = order;
  }

  void free(int place) {
    Arrays.fill(places, place, place + (1 << places[place]), FREE);
  }

  void breakUp(int place) {
    places[place] = BROKEN;
  }

  void heal(int place) {
    places[place] = FREE;
  }

  boolean isFree(int place) {
    return places[place] == FREE;
  }

  boolean isBroken(int place) {
    return places[place] == BROKEN;
  }

  /** Returns the order of the allocated block that starts at the place, or -1. */
  int allocatedOrder(int place) {
    return Math.max(-1, places[place]);
  }

  /** Returns whether the block lies within the word, aligned, and all its places are free. */
  boolean isFree(int place, int order) {
    if (place % (1 << order) != 0 || place + (1 << order) > places.length) {
      return false;
    }
    return Arrays.stream(places, place, place + (1 << order)).allMatch(what -> what == FREE);
  }

  /** Returns whether the block is free and part of no larger free one. */
  boolean isSingle(int place, int order) {
    return isFree(place, order) && !isFree(place & -(2 << order), order + 1);
  }

  /** Returns how many splits it takes to get the block, or -1 if it is not free. */
  int splitsTo(int place, int order) {
    int larger = order;
    while (isFree(place & -(1 << larger), larger)) {
      larger++;
    }
    return larger - order - 1;
  }

  /** Returns the order of the largest free block that starts at the place, or -1. */
  int freeOrderAt(int place) {
    int order = -1;
    while (isFree(place, order + 1)) {
      order++;
    }
    return order;
  }

  /** Returns the lowest of the smallest free blocks that hold the order, as place and order. */
  List<Integer> find(int order) {
    for (int larger = order; larger <= 5; larger++) {
      for (int place = 0; place < places.length; place++) {
        if (isSingle(place, larger)) {
          return List.of(place, larger);
        }
      }
    }
    return List.of();
  }

  /** Returns the places at which an allocated block starts; those not covered look like one. */
  List<Integer> allocatedPlaces() {
    List<Integer> starts = new ArrayList<>();
    for (int place = 0; place < places.length; place++) {
      if (places[place] >= 0) {
        starts.add(place);
      }
    }
    return starts;
  }

  /** Returns how many free blocks, merged as far as they go, there are of the order. */
  int freeBlocks(int order) {
    int blocks = 0;
    for (int place = 0; place < places.length; place++) {
      blocks += isSingle(place, order) ? 1 : 0;
    }
    return blocks;
  }

  /** Returns how many allocated blocks of the order start in the first {@code count} places. */
  int allocatedBlocks(int order, int count) {
    return (int) Arrays.stream(places, 0, count).filter(what -> what == order).count();
  }

  int freePlaces() {
    return (int) Arrays.stream(places).filter(what -> what == FREE).count();
  }
}
