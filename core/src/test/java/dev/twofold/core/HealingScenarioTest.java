package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Free memory that is shattered becomes whole again while blocks are replaced; in the plain design,
 * under the same operations, it never does. What is random comes from a seed and one thread does it
 * all, so every run gives the same scores.
 */
class HealingScenarioTest {

  private static final int ROUNDS = 100;
  private static final int TENTH = 10;
  private static final int LARGEST_ORDER = 6;

  /** Pages of a block of the mix: 1/2 for each of the orders 0 to 5, and 1 for order 6. */
  private static final int MEAN_PAGES = 4;

  /** Rounds in which a mix settles down, and those that count after them. */
  private static final int MIX_ROUNDS = 150;

  /** By how much the mix may leave less whole than the plain design does at its best. */
  private static final double MARGIN = 0.5;

  /** Blocks of a fragmentation workload, and the pages that they come from. */
  private static final class Blocks {

    private final PageSupply pages;
    private final long[] held;
    private final SplittableRandom random;

    Blocks(PageSupply pages, int count, long seed) {
      this.pages = pages;
      held = new long[count];
      random = new SplittableRandom(seed);
    }

    /** LLFree's frag: all is allocated, then a random half is freed. */
    static Blocks shattered(PageSupply pages, int count, int order, long seed) {
      long[] all = new long[count];
      for (int block = 0; block < count; block++) {
        all[block] = pages.allocate(order);
      }
      Blocks blocks = new Blocks(pages, count / 2, seed);
      for (int last = count - 1; last >= 0; last--) {
        int drawn = blocks.random.nextInt(last + 1);
        long block = all[drawn];
        all[drawn] = all[last];
        if (last >= blocks.held.length) {
          pages.free(block);
        } else {
          blocks.held[last] = block;
        }
      }
      return blocks;
    }

    /**
     * Blocks of geometric orders, three quarters of all pages; a slot stays empty where no block is
     * large enough. They move in while {@code before} moves out, block by block.
     */
    static Blocks mixed(PageSupply pages, int pageCount, Blocks before, long seed) {
      Blocks blocks = new Blocks(pages, pageCount * 3 / 4 / MEAN_PAGES, seed);
      int freed = 0;
      for (int slot = 0; slot < blocks.held.length; slot++) {
        long due = (long) before.held.length * (slot + 1) / blocks.held.length;
        for (; freed < due; freed++) {
          pages.free(before.held[freed]);
        }
        blocks.held[slot] = pages.allocate(blocks.drawOrder());
      }
      return blocks;
    }

    /** Replaces random blocks, a tenth of their number, by blocks of an order. */
    void replaceTenth(IntSupplier order) {
      for (int step = 0; step < held.length / TENTH; step++) {
        int slot = random.nextInt(held.length);
        if (held[slot] != PageSupply.NONE) {
          pages.free(held[slot]);
        }
        held[slot] = pages.allocate(order.getAsInt());
      }
    }

    /** The share of free memory that is whole, averaged over rounds in which orders are drawn. */
    double meanScore(int rounds) {
      double sum = 0;
      for (int round = 0; round < rounds; round++) {
        replaceTenth(this::drawOrder);
        sum += pages.score();
      }
      return sum / rounds;
    }

    int drawOrder() {
      return Math.min(LARGEST_ORDER, Long.numberOfTrailingZeros(random.nextLong()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // pages as a power of two, order, seed, floor, ceiling of the plain design
    "17, 0, 1, 90, 1",
    "18, 0, 1, 90, 1",
    "18, 0, 2, 90, 1",
    "17, 3, 1, 95, 1",
    "18, 3, 1, 95, 1",
    "18, 3, 2, 95, 1",
    "18, 6, 1, 95, 20"
  })
  void shatteredMemoryHeals(int memory, int order, long seed, double floor, double ceiling) {
    PageSupply plain = PageSupply.plain(1 << memory);
    assertThat(healed(plain, 1 << (memory - order), order, seed)).isLessThan(ceiling);
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << memory)) {
      double healed = healed(PageSupply.of(allocator), 1 << (memory - order), order, seed);
      assertThat(healed).isGreaterThan(floor);
      allocator.validate();
    }
  }

  /** The score after LLFree's frag in user mode. */
  private static double healed(PageSupply pages, int count, int order, long seed) {
    Blocks blocks = Blocks.shattered(pages, count, order, seed);
    assertThat(pages.score()).as("before").isLessThan(1);
    for (int round = 0; round < ROUNDS; round++) {
      blocks.replaceTenth(() -> order);
    }
    return pages.score();
  }

  @ParameterizedTest
  @CsvSource({"17, 1, 87", "18, 1, 91", "18, 2, 91"})
  void mixMovesIntoShatteredMemoryAndMakesItWhole(int memory, long seed, double floor) {
    PageSupply plain = PageSupply.plain(1 << memory);
    assertThat(mixAfterShards(plain, 1 << memory, seed)).isLessThan(1);
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << memory)) {
      assertThat(mixAfterShards(PageSupply.of(allocator), 1 << memory, seed)).isGreaterThan(floor);
      allocator.validate();
    }
  }

  private static double mixAfterShards(PageSupply pages, int count, long seed) {
    Blocks shards = Blocks.shattered(pages, count, 0, seed);
    Blocks mix = Blocks.mixed(pages, count, shards, seed);
    mix.meanScore(MIX_ROUNDS);
    return mix.meanScore(MIX_ROUNDS);
  }

  /**
   * Where nothing was shattered before, the plain design does well too: it takes what was freed
   * last, which is mostly of the same size.
   */
  @ParameterizedTest
  @CsvSource({"18, 1", "18, 2", "18, 3"})
  void mixInNewMemoryLeavesAboutAsMuchWholeAsThePlainDesign(int memory, long seed) {
    double plain = mixInNew(PageSupply.plain(1 << memory), 1 << memory, seed);
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << memory)) {
      double mixed = mixInNew(PageSupply.of(allocator), 1 << memory, seed);
      assertThat(mixed).isGreaterThan(90).isGreaterThan(plain - MARGIN);
      allocator.validate();
    }
  }

  private static double mixInNew(PageSupply pages, int count, long seed) {
    Blocks mix = Blocks.mixed(pages, count, new Blocks(pages, 0, seed), seed);
    mix.meanScore(MIX_ROUNDS);
    return mix.meanScore(MIX_ROUNDS);
  }
}
