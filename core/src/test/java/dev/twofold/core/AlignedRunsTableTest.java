package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Free pages side by side that start at multiples of a power of two. */
class AlignedRunsTableTest {

  /** Counts page by page. */
  private static int longest(BitSet free, int from, int to, long spanPage, long alignment) {
    int best = 0;
    for (int page = from; page < to; page++) {
      if ((spanPage + page) % alignment == 0) {
        best = Math.max(best, Math.min(to, free.nextClearBit(page)) - page);
      }
    }
    return best;
  }

  private static long[] bitsOf(BitSet free, int from, int count) {
    long[] bits = new long[2 * Tiers.UNIT_PAGES / Long.SIZE + 1];
    BitSet unit = free.get(from, from + count);
    long[] some = unit.toLongArray();
    System.arraycopy(some, 0, bits, 0, some.length);
    return bits;
  }

  /** Each node as counted, with few and with many free pages, in long and in short runs. */
  @ParameterizedTest
  @CsvSource({"1, 512", "2, 512", "8, 512", "1, 64", "1, 32", "1, 1"})
  void besidePagesThatAreCounted(int units, int unitPages) {
    SplittableRandom random = new SplittableRandom(units * 1_000L + unitPages);
    int pages = units * unitPages;
    for (int round = 0; round < 120; round++) {
      BitSet free = new BitSet();
      int longestRun = 1 << random.nextInt(11);
      for (int page = random.nextInt(3); page < pages; page += 1 + random.nextInt(longestRun)) {
        int end = Math.min(pages, page + 1 + random.nextInt(longestRun));
        free.set(page, end);
        page = end;
      }
      int order = random.nextInt(13);
      long spanPage = (long) pages * random.nextInt(8);
      AlignedRuns runs = new AlignedRuns(order, units, unitPages, spanPage);
      for (int unit = 0; unit < units; unit++) {
        runs.learn(unit, bitsOf(free, unit * unitPages, unitPages));
      }
      for (int node = units - 1; node > 0; node--) {
        int size = pages / Integer.highestOneBit(node);
        int first = (node - Integer.highestOneBit(node)) * size;
        int middle = first + size / 2;
        int before = middle - 1 - Math.max(first - 1, free.previousClearBit(middle - 1));
        int behind = Math.min(first + size, free.nextClearBit(middle)) - middle;
        runs.combine(node, middle, before, behind);
        assertThat(runs.longest()[node])
            .as("node %d of order %d, round %d", node, order, round)
            .isEqualTo(longest(free, first, first + size, spanPage, 1L << order));
      }
      for (int unit = 0; unit < units; unit++) {
        int first = unit * unitPages;
        assertThat(runs.longest()[units + unit])
            .as("unit %d of order %d, round %d", unit, order, round)
            .isEqualTo(longest(free, first, first + unitPages, spanPage, 1L << order));
      }
    }
  }

  /** All units have as many pages, but one has them aligned: few words are read to find that. */
  @Test
  void aSearchLooksIntoFewUnits() {
    CountingWords words = new CountingWords();
    TreeArray trees = new TreeArray(words);
    int unitPages = Tiers.UNIT_PAGES;
    RegionTrees region = new RegionTrees(Fixtures.pages(0, 1 << 18), 12, trees);
    region.putOnline();
    for (int page = 0; page < 1 << 18; page += unitPages) {
      int gap = page == 300 * unitPages ? 64 : 1;
      region.runs().allocateAt(page, page + gap);
      region.runs().allocateAt(page + gap + 64, page + unitPages);
    }
    LockedTree tree = trees.all()[0];
    for (boolean topDown : new boolean[] {false, true}) {
      RunRequest request = new RunRequest(64, 64, 0, Long.MAX_VALUE, topDown);
      long[] reads =
          IntStream.range(0, 3)
              .mapToLong(
                  round -> {
                    long before = words.reads();
                    assertThat(tree.allocateRun(request)).isEqualTo(300L * unitPages + 64);
                    long after = words.reads();
                    region.free(300L * unitPages + 64);
                    return after - before;
                  })
              .toArray();
      assertThat(reads[2]).as("words read").isLessThan(unitPages);
    }
  }
}
