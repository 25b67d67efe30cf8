package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The index of runs beside a scan of all pages, and how many of its nodes a search looks at. */
class RunNodesTableTest {

  private static final int STEPS = 300;
  private static final int MAX_PAGES = 12;

  /** A tree of the model: where it lies, whether its region ends with it, and its free pages. */
  private record Place(long first, int count, boolean last, BitSet free) {

    long end() {
      return first + count;
    }

    int start() {
      return free.nextClearBit(0);
    }

    int atEnd() {
      return count - 1 - free.previousClearBit(count - 1);
    }

    int longest() {
      int longest = 0;
      int run = 0;
      for (int page = 0; page < count; page++) {
        run = free.get(page) ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
      return longest;
    }

    boolean serves(RunRequest request) {
      RunSearch search = new RunSearch().of(request);
      for (long page = end() - 1; request.topDown() && page >= first; page--) {
        tell(search, page);
      }
      for (long page = first; !request.topDown() && page < end(); page++) {
        tell(search, page);
      }
      return search.isFound();
    }

    private void tell(RunSearch search, long page) {
      if (free.get((int) (page - first))) {
        search.begin(page, page + 1);
        search.free(1);
      }
    }

    /** Returns whether the page is free and nothing but free pages is between it and a border. */
    boolean isFreeAtBorder(long page) {
      return page - first < start() || end() - page <= atEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 33, 64})
  void findsWhatAScanFinds(int trees) {
    for (long seed : new long[] {trees, System.nanoTime()}) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Place> places = places(trees, random);
      RunNodes nodes = nodes(places);
      for (int step = 0; step < STEPS; step++) {
        int leaf = random.nextInt(trees);
        change(places.get(leaf), random);
        Place place = places.get(leaf);
        nodes.set(leaf, place.start(), place.atEnd(), place.longest());
        nodes.validate(leaf, place.start(), place.atEnd(), place.longest());
        RunRequest request = request(places, random);
        String what = "seed %d, step %d: %s".formatted(seed, step, request);
        assertThat(next(nodes, request)).as(what).isEqualTo(scan(places, request));
        requireAcross(nodes, places, request, what);
      }
    }
  }

  /** Trees that have as many pages, but none that are aligned, are named once. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 33})
  void namesTreesInVainOnce(int trees) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<Place> places = places(trees, random);
    RunNodes nodes = nodes(places);
    for (int step = 0; step < STEPS; step++) {
      int leaf = random.nextInt(trees);
      Place changed = places.get(leaf);
      change(changed, random);
      nodes.setAllFree(leaf);
      nodes.set(leaf, changed.start(), changed.atEnd(), changed.longest());
      long alignment = 1L << random.nextInt(4);
      boolean down = random.nextBoolean();
      RunRequest request =
          new RunRequest(random.nextInt(1, MAX_PAGES), alignment, 0, Long.MAX_VALUE, down);
      String what = "seed %d, step %d: %s".formatted(seed, step, request);
      nodes.know(request.alignmentOrder());
      int found = next(nodes, request);
      int inVain = 0;
      while (found != RunNodes.NONE && !places.get(found).serves(request)) {
        assertThat(++inVain).as(what).isLessThanOrEqualTo(trees);
        nodes.limit(found, request.alignmentOrder(), (int) request.pageCount() - 1);
        found = next(nodes, request);
      }
      int expected = RunNodes.NONE;
      for (int tree = 0; tree < trees; tree++) {
        boolean better = down || expected == RunNodes.NONE;
        expected = better && places.get(tree).serves(request) ? tree : expected;
      }
      assertThat(found).as(what).isEqualTo(expected);
    }
  }

  private static List<Place> places(int trees, SplittableRandom random) {
    List<Place> places = new ArrayList<>();
    long page = random.nextInt(3);
    for (int tree = 0; tree < trees; tree++) {
      boolean last = tree == trees - 1 || random.nextInt(4) == 0;
      places.add(new Place(page, random.nextInt(1, MAX_PAGES), last, new BitSet()));
      page = places.getLast().end() + (last ? random.nextInt(3) : 0);
    }
    return places;
  }

  private static RunNodes nodes(List<Place> places) {
    RunNodes nodes = new RunNodes(places.size());
    for (int leaf = 0; leaf < places.size(); leaf++) {
      Place place = places.get(leaf);
      nodes.place(leaf, place.first(), place.end(), place.last());
    }
    return nodes;
  }

  private static void change(Place place, SplittableRandom random) {
    int page = random.nextInt(place.count());
    switch (random.nextInt(4)) {
      case 0 -> place.free().set(0, place.count());
      case 1 -> place.free().set(page, place.count());
      case 2 -> place.free().clear();
      default -> place.free().flip(page);
    }
  }

  private static RunRequest request(List<Place> places, SplittableRandom random) {
    long end = places.getLast().end();
    long low = random.nextBoolean() ? 0 : random.nextLong(end);
    long high = random.nextBoolean() ? Long.MAX_VALUE : low + random.nextLong(1, end + 1);
    int longest = random.nextInt(1, 4 * MAX_PAGES);
    long count = random.nextLong(1, longest + 1);
    return new RunRequest(count, 1L << random.nextInt(4), low, high, random.nextBoolean());
  }

  private static int next(RunNodes nodes, RunRequest request) {
    return nodes.next(request, request.low(), request.high());
  }

  private static int scan(List<Place> places, RunRequest request) {
    int found = RunNodes.NONE;
    for (int leaf = 0; leaf < places.size(); leaf++) {
      Place place = places.get(leaf);
      long room = Math.min(place.end(), request.high()) - Math.max(place.first(), request.low());
      boolean serves = Math.min(room, place.longest()) >= request.pageCount();
      found = serves && (request.topDown() || found == RunNodes.NONE) ? leaf : found;
    }
    return found;
  }

  /**
   * Finds the first place across a border, unless one that lies within a tree, but at its border,
   * comes before.
   */
  private static void requireAcross(
      RunNodes nodes, List<Place> places, RunRequest request, String what) {
    RunSearch search = new RunSearch().of(request);
    nodes.tell(search);
    List<Long> all = scanBorders(places, request);
    List<Long> across = all.stream().filter(page -> crosses(places, page, request)).toList();
    if (search.isFound()) {
      assertThat(all).as(what).contains(search.found());
    }
    if (!across.isEmpty()) {
      assertThat(search.isFound()).as(what).isTrue();
      long first = request.topDown() ? across.getLast() : across.getFirst();
      if (all.size() == across.size()) {
        assertThat(search.found()).as(what).isEqualTo(first);
      }
    }
  }

  private static boolean crosses(List<Place> places, long page, RunRequest request) {
    return places.stream()
        .noneMatch(place -> place.first() <= page && page + request.pageCount() <= place.end());
  }

  /** Returns all places that serve, of pages that are free up to a border. */
  private static List<Long> scanBorders(List<Place> places, RunRequest request) {
    List<Long> found = new ArrayList<>();
    long run = 0;
    for (Place place : places) {
      for (long page = place.first(); page < place.end(); page++) {
        boolean free = place.isFreeAtBorder(page) && page >= request.low() && page < request.high();
        run = free ? run + 1 : 0;
        long start = page + 1 - request.pageCount();
        if (run >= request.pageCount() && start % request.alignmentPages() == 0) {
          found.add(start);
        }
      }
      run = place.last() ? 0 : run;
    }
    return found;
  }

  /** Counts what searches look at. */
  private static final class CountingNodes extends RunNodes {

    private int looks;

    CountingNodes(int trees) {
      super(trees);
    }

    @Override
    boolean isAtLeast(long longest, long pageCount) {
      looks++;
      return super.isAtLeast(longest, pageCount);
    }
  }

  @ParameterizedTest
  @CsvSource({"16", "256", "1024", "4096", "65536"})
  void looksGrowWithTheLogarithmOfTheTrees(int trees) {
    CountingNodes nodes = new CountingNodes(trees);
    int size = 1 << 18;
    for (int leaf = 0; leaf < trees; leaf++) {
      nodes.place(leaf, (long) leaf * size, (leaf + 1L) * size, leaf == trees - 1);
      nodes.set(leaf, 7, 7, 7);
    }
    nodes.set(0, 0, 50, 100);
    nodes.set(trees - 1, 50, 0, 100);
    long end = (long) trees * size;
    int most = 4 * Orders.holding(trees) + 4;
    assertThat(next(nodes, new RunRequest(100, 1, size, end, false))).isEqualTo(trees - 1);
    assertThat(next(nodes, new RunRequest(100, 1, 0, end - size, true))).isZero();
    assertThat(next(nodes, new RunRequest(101, 1, 0, end, true))).isEqualTo(RunNodes.NONE);
    assertThat(nodes.looks).isBetween(3, 3 * most);
    nodes.looks = 0;
    RunSearch search = new RunSearch();
    for (boolean down : new boolean[] {false, true}) {
      nodes.tell(search.of(new RunRequest(57, 1, 0, end, down)));
      assertThat(search.found()).isEqualTo(down ? end - size - 7 : size - 50);
      nodes.tell(search.of(new RunRequest(58, 1, 0, end, down)));
      assertThat(search.isFound()).isFalse();
    }
    assertThat(nodes.looks).isBetween(4, 4 * most);
  }

  @Test
  void nothingGoesOnFromOneRegionToTheNext() {
    RunNodes nodes = new RunNodes(4);
    for (int leaf = 0; leaf < 4; leaf++) {
      nodes.place(leaf, 8L * leaf, 8L * leaf + 8, leaf % 2 == 1);
      nodes.setAllFree(leaf);
    }
    RunSearch search = new RunSearch();
    nodes.tell(search.of(new RunRequest(17, 1, 0, 32, false)));
    assertThat(search.isFound()).isFalse();
    nodes.tell(search.of(new RunRequest(16, 1, 1, 32, false)));
    assertThat(search.found()).isEqualTo(16);
    nodes.tell(search.of(new RunRequest(9, 1, 0, 32, true)));
    assertThat(search.found()).isEqualTo(23);
  }
}
