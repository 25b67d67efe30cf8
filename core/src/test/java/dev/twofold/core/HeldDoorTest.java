package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twofold.core.RandomOperations.Kind;
import dev.twofold.core.RandomOperations.Operation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small blocks that a confined allocator holds back: nobody can tell that they are, but for how
 * soon they are handed out again. Each test sees that some are held, or it would show nothing.
 */
class HeldDoorTest {

  private static final int UNITS = 16;
  private static final long PAGES = (long) UNITS * Tiers.UNIT_PAGES;

  /** All of some memory, allocated in blocks of one order, in units that are dense by now. */
  record Dense(BuddyAllocator allocator, List<Long> blocks) {

    static Dense of(int order, Region... regions) {
      BuddyAllocator.Builder builder = BuddyAllocator.builder().confined();
      for (Region region : regions) {
        builder.region(region);
      }
      BuddyAllocator allocator = builder.build();
      List<Long> blocks = Fixtures.allocateAll(allocator, order);
      int some = Math.min(8, Tiers.UNIT_PAGES >> order); // Of each unit, so that it is touched.
      for (long block : Fixtures.every(some, 0, blocks)) {
        allocator.freePages(block);
      }
      allocator.drain();
      Fixtures.allocateAll(allocator, order);
      return new Dense(allocator, blocks);
    }

    /** Has the allocator forget which block it allocated last, which would be held otherwise. */
    void forgetLast() {
      allocator.regions().list();
    }

    /** Frees the block, which is held from then on. */
    void hold(long block) {
      allocator.freePages(block);
      assertThat(isHeld(block)).isTrue();
    }

    boolean isHeld(long block) {
      long[] words = PrivateParts.only(allocator, Engine.class).map().wordsOf(page(block));
      return BlockHeads.runOrder(Words.CONFINED, words, TreeWords.pageInTree(words, page(block)))
          != BlockHeads.NONE;
    }

    long countHeld() {
      return blocks.stream().filter(this::isHeld).count();
    }

    private static long page(long block) {
      return block / PAGE_BYTES;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void theLastOneComesFirstAndNoWordChangesButByABit(int order) {
    Dense dense = Dense.of(order, Fixtures.pages(0, PAGES));
    dense.hold(dense.blocks.get(5));
    dense.hold(dense.blocks.get(9));
    assertThat(dense.allocator.allocatePages(order)).isEqualTo(dense.blocks.get(9));
    assertThat(dense.allocator.allocatePages(order)).isEqualTo(dense.blocks.get(5));
    assertThat(dense.allocator.tryAllocatePages(order)).isEqualTo(NO_PAGES);
    dense.allocator.validate();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void isNotFreedTwiceNorKnownAsAllocated(int order) {
    Dense dense = Dense.of(order, Fixtures.pages(7, PAGES));
    long block = dense.blocks.get(dense.blocks.size() / 2);
    Map<String, Consumer<BuddyAllocator>> uses = new LinkedHashMap<>();
    uses.put("free", allocator -> allocator.freePages(block));
    uses.put("order", allocator -> allocator.orderAt(block));
    uses.put("size", allocator -> allocator.runs().pageCountAt(block));
    uses.put("resize", allocator -> allocator.runs().resize(block, 1));
    uses.put("batch", allocator -> allocator.batches().free(new long[] {block}, 0, 1));
    uses.forEach(
        (name, use) -> {
          dense.forgetLast();
          dense.hold(block);
          assertThatThrownBy(() -> use.accept(dense.allocator))
              .as(name)
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("is not allocated: it was freed before");
          assertThat(dense.allocator.allocatePages(order)).as(name).isEqualTo(block);
        });
    dense.allocator.validate();
  }

  /** Blocks of a word of pages or more are told from places inside of them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 6, 8})
  void whatLiesInsideOfABlockIsNotHeld(int order) {
    Dense dense = Dense.of(order, Fixtures.pages(0, PAGES));
    long block = dense.blocks.get(5);
    for (long pages = 1; pages < Orders.pages(order); pages *= 2) {
      long inside = block + pages * PAGE_BYTES;
      assertThatThrownBy(() -> dense.allocator.freePages(inside))
          .hasMessageContaining("lies inside");
    }
    assertThat(dense.allocator.stats().pagesFree()).isZero();
    dense.allocator.validate();
  }

  @Test
  void countsAsFree() {
    Dense dense = Dense.of(1, Fixtures.pages(0, PAGES));
    long allocations = dense.allocator.stats().allocations();
    for (int round = 0; round < 3; round++) {
      dense.forgetLast();
      dense.hold(dense.blocks.get(3));
      assertThat(dense.allocator.stats().pagesFree()).isEqualTo(2);
      assertThat(dense.allocator.allocatePages(1)).isEqualTo(dense.blocks.get(3));
      dense.forgetLast();
      dense.hold(dense.blocks.get(3));
      assertThat(dense.allocator.allocatePages(1)).isEqualTo(dense.blocks.get(3));
    }
    assertThat(dense.allocator.stats().allocations()).isEqualTo(allocations + 6);
    assertThat(dense.allocator.stats().pagesFree()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void noMoreThanSomeAreHeld(int order) {
    Dense dense = Dense.of(order, Fixtures.pages(0, PAGES));
    Fixtures.freeAll(dense.allocator, dense.blocks);
    assertThat(dense.countHeld()).isEqualTo(HeldBlocks.depth(order));
    assertThat(dense.allocator.stats().pagesFree()).isEqualTo(PAGES);
    assertThat(dense.countHeld()).isZero();
    AsNew.assertAsNew(dense.allocator);
  }

  enum LargeRequest {
    BLOCK,
    RUN,
    EXACT,
    SCATTERED,
    GROWN;

    void make(BuddyAllocator allocator) {
      PageRequest all = PageRequest.ofPages(PAGES);
      switch (this) {
        case BLOCK -> allocator.allocatePages(13);
        case RUN -> allocator.runs().allocate(all);
        case EXACT -> allocator.runs().allocate(all.at(0));
        case SCATTERED -> assertThat(allocator.batches().allocateScattered(PAGES)).isNotEmpty();
        case GROWN -> assertThat(allocator.runs().resize(0, PAGES)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void areNotMissedByARequestForAllThatIsFree(LargeRequest request) {
    Dense dense = Dense.of(0, Fixtures.pages(0, PAGES));
    Fixtures.freeAll(
        dense.allocator,
        request == LargeRequest.GROWN ? dense.blocks.subList(1, (int) PAGES) : dense.blocks);
    assertThat(dense.countHeld()).isPositive();
    request.make(dense.allocator);
    assertThat(dense.allocator.stats().pagesFree()).isZero();
    dense.allocator.validate();
  }

  /** Smaller and larger blocks than those that are held, down to the last page. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void areNotMissedByOthersOrders(int order) {
    for (int other = 0; other <= Tiers.UNIT_ORDER; other++) {
      Dense dense = Dense.of(order, Fixtures.pages(0, PAGES));
      Fixtures.freeAll(dense.allocator, dense.blocks);
      assertThat(dense.countHeld()).isPositive();
      assertThat(Fixtures.allocateAll(dense.allocator, other)).hasSize((int) (PAGES >> other));
      dense.allocator.validate();
    }
  }

  /**
   * A block of each unit is held, so none is whole; but not for long if whole ones are asked for.
   */
  @Test
  void doNotKeepUnitsFromBeingWholeForLong() {
    int others = ConfinedEngine.WHOLE_REQUESTS;
    try (BuddyAllocator allocator = Dense.of(0, Fixtures.pages(0, PAGES)).allocator) {
      allocator.regions().add(Fixtures.pages(1 << 20, 2L * others * Tiers.UNIT_PAGES));
      List<Long> blocks = LongStream.range(0, PAGES).mapToObj(page -> page * PAGE_BYTES).toList();
      Dense dense = new Dense(allocator, blocks);
      for (int offset = 0; offset < Tiers.UNIT_PAGES; offset++) {
        Fixtures.freeAll(allocator, Fixtures.every(Tiers.UNIT_PAGES, offset, blocks));
      }
      Fixtures.allocate(allocator, others - 1, Tiers.UNIT_ORDER);
      assertThat(Fixtures.every(Tiers.UNIT_PAGES, 0, blocks)).allMatch(dense::isHeld);
      Fixtures.allocate(allocator, 1, Tiers.UNIT_ORDER);
      assertThat(dense.countHeld()).isZero();
    }
  }

  /** What is dirty is held in units that are known to be touched, so it is not taken for zero. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void areNotTakenForZero(int order) {
    Dense dense = Dense.of(order, Fixtures.memory(UNITS * 2 * MIB));
    BuddyAllocator allocator = dense.allocator;
    List<Long> freed = new ArrayList<>(dense.blocks.subList(0, 3 * dense.blocks.size() / 4));
    freed.forEach(block -> allocator.segment(block).fill((byte) 1));
    Fixtures.freeAll(allocator, freed);
    assertThat(dense.countHeld()).isPositive();
    for (int block = 0; block < freed.size(); block++) {
      MemorySegment zero = allocator.segment(allocator.zeroed().allocatePages(order));
      assertThat(zero.mismatch(MemorySegment.ofArray(new byte[(int) zero.byteSize()])))
          .isEqualTo(-1);
    }
    allocator.close();
  }

  /** Nothing was freed to a unit yet: its first block says that it is touched before it is held. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void areHeldInUnitsThatAreTouchedOnly(int order) {
    try (BuddyAllocator allocator =
        BuddyAllocator.builder().confined().region(Fixtures.memory(16 * MIB)).build()) {
      List<Long> blocks = Fixtures.allocateAll(allocator, order);
      allocator.drain(); // Dense, as it is allocated.
      blocks.forEach(block -> allocator.segment(block).fill((byte) 1));
      for (long block : blocks) {
        allocator.freePages(block);
        long zero = allocator.zeroed().allocatePages(order);
        assertThat(allocator.segment(zero).get(ValueLayout.JAVA_LONG, 0)).isZero();
      }
    }
  }

  /** Requests go to another tree while blocks are held of the one that they went to before. */
  @Test
  void areTakenFromTheTreeThatTheyAreOf() {
    Region first = Fixtures.pages(3 * Tiers.UNIT_PAGES, PAGES);
    Region second = Fixtures.pages((1L << 20) + 5 * Tiers.UNIT_PAGES, PAGES);
    Dense dense = Dense.of(1, first, second);
    List<Long> some = Fixtures.every(50, 0, dense.blocks);
    Fixtures.freeAll(dense.allocator, some);
    List<Long> held = some.stream().filter(dense::isHeld).toList();
    assertThat(held).isNotEmpty().hasSizeLessThan(some.size());
    long small = dense.allocator.allocatePages(0);
    assertThat(some).contains(small);
    assertThat(held).doesNotContain(small);
    for (long block : held.reversed()) {
      assertThat(dense.allocator.allocatePages(1)).isEqualTo(block);
    }
    dense.allocator.validate();
    dense.allocator.freePages(small);
    assertThat(Fixtures.allocateAll(dense.allocator, 1)).hasSize(some.size() - held.size());
    Fixtures.freeAll(dense.allocator, dense.blocks);
    AsNew.assertAsNew(dense.allocator);
  }

  /** Nearly full, so that units are dense; looked at seldom, as who looks has all given back. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void besideTheReferenceModel(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Operation> operations = new ArrayList<>();
    for (int step = 0; step < 6_000; step++) {
      int percent = step < 900 ? 0 : random.nextInt(100);
      Kind kind = percent < 55 ? Kind.ALLOCATE : percent < 99 ? Kind.FREE : Kind.FREE_AGAIN;
      int order = step < 900 ? 0 : Math.min(random.nextInt(4), random.nextInt(4));
      operations.add(new Operation(kind, order, random.nextInt(Integer.MAX_VALUE)));
    }
    List<ModelRun.Pages> regions =
        List.of(new ModelRun.Pages(5, 617), new ModelRun.Pages(1 << 18, 300));
    new ModelRun(BuddyAllocator.builder().confined(), regions, 200).play(operations);
  }

  @Test
  void doNotKeepARegion() {
    Region first = Fixtures.pages(0, PAGES);
    Region second = Fixtures.pages(1 << 20, PAGES);
    Dense dense = Dense.of(0, first, second);
    Fixtures.freeAll(dense.allocator, dense.blocks);
    assertThat(dense.countHeld()).isPositive();
    for (Region region : List.of(first, second)) {
      assertThat(Fixtures.evacuate(dense.allocator, region)).isDone();
      dense.allocator.regions().remove(region);
    }
    assertThat(dense.allocator.tryAllocatePages(0)).isEqualTo(NO_PAGES);
  }

  /** Blocks of a region that goes offline are freed there, not held. */
  @Test
  void areNoneOfARegionThatIsOffline() {
    Region first = Fixtures.pages(0, PAGES);
    Dense dense = Dense.of(0, first, Fixtures.pages(1 << 20, PAGES));
    Fixtures.freeAll(dense.allocator, Fixtures.every(2, 0, dense.blocks));
    assertThat(dense.countHeld()).isPositive();
    dense.allocator.regions().offline(first);
    assertThat(dense.countHeld()).isZero();
    Fixtures.freeAll(dense.allocator, Fixtures.every(2, 1, dense.blocks));
    List<Long> ofFirst = dense.blocks.stream().filter(block -> block < PAGES * PAGE_BYTES).toList();
    assertThat(ofFirst).noneMatch(dense::isHeld);
    dense.allocator.regions().remove(first);
    assertThat(Fixtures.allocateAll(dense.allocator, 0)).hasSize((int) PAGES);
  }
}
