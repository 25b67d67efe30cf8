package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twofold.core.RandomOperations.Kind;
import dev.twofold.core.RandomOperations.Operation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An allocator that is confined to a thread: whoever else comes through any door is turned away and
 * changes nothing, and its owner gets what the reference model allows and what a shared one would
 * have given.
 */
class ConfinedDoorTest {

  private static BuddyAllocator confined(Region... regions) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().confined();
    for (Region region : regions) {
      builder.region(region);
    }
    return builder.build();
  }

  private static Map<String, ThrowingCallable> uses(BuddyAllocator allocator, long block) {
    MemorySegment segment = allocator.segment(block);
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("allocatePages", () -> allocator.allocatePages(0));
    uses.put("allocatePages, as large as any", () -> allocator.allocatePages(18));
    uses.put("tryAllocatePages", () -> allocator.tryAllocatePages(0));
    uses.put("tryAllocatePages, too large", () -> allocator.tryAllocatePages(18));
    uses.put("allocate", () -> allocator.allocate(1));
    uses.put("allocate, aligned", () -> allocator.allocate(1, 8192));
    uses.put("allocateFrom", () -> allocator.allocateFrom(ValueLayout.JAVA_LONG, 1, 2));
    uses.put("freePages", () -> allocator.freePages(block));
    uses.put("freePages, interior", () -> allocator.freePages(block + PAGE_BYTES));
    uses.put("free", () -> allocator.free(segment));
    uses.put("orderAt", () -> allocator.orderAt(block));
    uses.put("segment", () -> allocator.segment(block));
    uses.put("stats", allocator::stats);
    uses.put("validate", allocator::validate);
    uses.put("drain", allocator::drain);
    uses.put("close", allocator::close);
    return uses;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyUseByAnotherThreadIsRefusedAndChangesNothing(boolean virtual) {
    try (BuddyAllocator allocator = confined(Fixtures.memory(1 << 20))) {
      long block = allocator.allocatePages(2);
      long digest = allocator.digest();
      AllocatorStats stats = allocator.stats();
      String message =
          "the allocator is confined to thread \"%s\"".formatted(Thread.currentThread().getName());
      uses(allocator, block)
          .forEach(
              (name, use) -> {
                assertThatThrownBy(() -> elsewhere(virtual, use))
                    .as(name)
                    .cause()
                    .isExactlyInstanceOf(WrongThreadException.class)
                    .hasMessage(message);
                assertThat(allocator.digest()).as(name).isEqualTo(digest);
                assertThat(allocator.stats()).as(name).isEqualTo(stats);
              });
      allocator.validate();
      allocator.freePages(block);
    }
  }

  private static void elsewhere(boolean virtual, ThrowingCallable use) {
    Threads.run(
        virtual,
        1,
        thread -> {
          try {
            use.call();
          } catch (Exception | Error e) {
            throw e;
          } catch (Throwable e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void memoryIsForAnyThread() {
    try (BuddyAllocator allocator = confined(Fixtures.memory(1 << 20))) {
      MemorySegment segment = allocator.allocate(8);
      Threads.platform(1, thread -> segment.set(ValueLayout.JAVA_LONG, 0, 42));
      assertThat(segment.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
    }
  }

  @Test
  void whatIsNoStateIsForAnyThread() {
    try (BuddyAllocator allocator = confined(Fixtures.pages(0, 8))) {
      Threads.platform(
          1,
          thread -> {
            assertThat(allocator.pageSizeBytes()).isEqualTo(PAGE_BYTES);
            assertThat(allocator.orderOf(PAGE_BYTES + 1)).isEqualTo(1);
          });
    }
  }

  /** The owner is who builds, not who begins to describe; when it has ended, nobody follows. */
  @Test
  void whoBuildsIsTheOwnerForEver() {
    BuddyAllocator.Builder builder =
        BuddyAllocator.builder().confined().region(Fixtures.pages(0, 8));
    List<BuddyAllocator> built = new CopyOnWriteArrayList<>();
    Threads.virtual(
        1,
        thread -> {
          BuddyAllocator allocator = builder.build();
          assertThatCode(() -> allocator.freePages(allocator.allocatePages(3)))
              .doesNotThrowAnyException();
          built.add(allocator);
        });
    assertThatThrownBy(() -> built.getFirst().allocatePages(0))
        .isInstanceOf(WrongThreadException.class);
    assertThatThrownBy(() -> built.getFirst().close()).isInstanceOf(WrongThreadException.class);
  }

  @Test
  void withoutTheWordAnAllocatorIsForAnyThread() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      Threads.platform(1, thread -> allocator.freePages(allocator.allocatePages(0)));
      assertThat(allocator.stats().frees()).isOne();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.twofold.core.ReferenceModelTest#grounds")
  void besideTheReferenceModel(ReferenceModelTest.Ground ground) {
    for (long seed : new long[] {1, 2}) {
      new ModelRun(BuddyAllocator.builder().confined(), ground.regions())
          .play(ground.operations(seed));
    }
  }

  /**
   * As long as nothing is held, the same block for the same request, and the same metadata all the
   * way. Only splits and merges are more, as blocks were held in between.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void besideASharedOne(long seed) {
    Region[] regions = {Fixtures.pages(7, 3_000), Fixtures.pages((1 << 18) - 700, 1_500)};
    try (BuddyAllocator allocator = confined(regions);
        BuddyAllocator shared = Fixtures.allocator(regions)) {
      List<Long> held = new ArrayList<>();
      int step = 0;
      for (Operation operation : RandomOperations.draw(seed, 6_000, 11)) {
        if (operation.kind() == Kind.ALLOCATE) {
          long address = shared.tryAllocatePages(operation.order());
          assertThat(allocator.tryAllocatePages(operation.order())).isEqualTo(address);
          allocator.validate(); // Nothing is held from now on.
          if (address != NO_PAGES) {
            held.add(address);
          }
        } else if (!held.isEmpty()) {
          long address = held.remove(operation.number() % held.size());
          shared.freePages(address);
          allocator.freePages(address);
          assertThat(allocator.stats().pagesFree()).isEqualTo(shared.stats().pagesFree());
        }
        if (step++ % 100 == 0) {
          assertThat(blocks(allocator)).isEqualTo(blocks(shared));
          assertThat(words(allocator)).isEqualTo(words(shared));
        }
      }
      assertThat(shared.stats().failedAllocations()).isPositive();
      assertThat(blocks(allocator)).isEqualTo(blocks(shared));
      allocator.validate();
      Fixtures.freeAll(allocator, held);
      AsNew.assertAsNew(allocator);
      AllocatorStats stats = allocator.stats();
      assertThat(stats.splits()).isPositive().isEqualTo(stats.merges());
    }
  }

  private static List<Object> blocks(BuddyAllocator allocator) {
    AllocatorStats stats = allocator.stats();
    return List.of(
        stats.freeBlocks(),
        stats.allocatedBlocks(),
        stats.allocations(),
        stats.frees(),
        stats.failedAllocations());
  }

  /** Settles all, so that words and bins are compared, not when somebody looked at them last. */
  private static List<Long> words(BuddyAllocator allocator) {
    allocator.digest();
    TreeArray trees = PrivateParts.trees(allocator);
    LockedTree[] all = PrivateParts.only(trees, LockedTree[].class);
    return IntStream.range(0, all.length)
        .mapToObj(tree -> trees.allWords().of(tree))
        .flatMap(
            words ->
                IntStream.range(0, words.length)
                    .filter(Tiers::isOfTier)
                    .mapToObj(index -> words[index]))
        .toList();
  }

  /**
   * What the allocator knows of a block that was freed and taken back says nothing of later ones.
   */
  @Test
  void aBlockWhereALargerOneWasIsNotTakenForThatOne() {
    try (BuddyAllocator allocator = confined(Fixtures.pages(0, 8))) {
      allocator.freePages(allocator.allocatePages(1));
      long large = allocator.allocatePages(1);
      long other = allocator.allocatePages(1);
      allocator.freePages(large);
      long small = allocator.allocatePages(0);
      assertThat(small).isEqualTo(large);
      allocator.freePages(small);
      large = allocator.allocatePages(1);
      assertThat(allocator.orderAt(large)).isOne();
      assertThat(allocator.allocatePages(0)).isNotIn(large, large + PAGE_BYTES);
      allocator.freePages(other);
      allocator.validate();
    }
  }

  @Test
  void aBlockOfABatchIsNotTakenForTheOneBefore() {
    try (BuddyAllocator allocator = confined(Fixtures.pages(0, 64))) {
      allocator.freePages(allocator.allocatePages(1));
      long known = allocator.allocatePages(1);
      long[] batch = new long[1];
      assertThat(allocator.batches().allocate(0, batch, 0, 1)).isOne();
      allocator.freePages(batch[0]);
      assertThat(allocator.allocatePages(1)).isNotEqualTo(known);
      allocator.validate();
    }
  }

  /** The block that was freed last is held back: nobody may miss it, or get it twice. */
  @Test
  void theBlockThatIsHeldIsFreeToAll() {
    BuddyAllocator allocator = confined(Fixtures.pages(0, 8));
    long page = allocator.allocatePages(0);
    allocator.freePages(page);
    assertThatThrownBy(() -> allocator.freePages(page)).hasMessageContaining("not allocated");
    assertThat(allocator.stats().pagesAllocated()).isZero();
    assertThat(allocator.allocatePages(0)).isEqualTo(page);
    allocator.freePages(page);
    assertThatThrownBy(() -> allocator.orderAt(page)).hasMessageContaining("not allocated");
    assertThat(allocator.allocatePages(0)).isEqualTo(page);
    allocator.freePages(page);
    assertThat(allocator.allocatePages(3)).isZero();
    assertThatThrownBy(() -> allocator.freePages(page + PAGE_BYTES))
        .hasMessageContaining("lies inside");
    allocator.freePages(0);
    assertThatThrownBy(() -> allocator.freePages(0)).hasMessageContaining("not allocated");
    allocator.close();
    assertThatThrownBy(() -> allocator.allocatePages(3)).hasMessageContaining("closed");
    assertThatThrownBy(() -> allocator.freePages(0)).hasMessageContaining("closed");
  }

  /** A pair of another order in between has it freed, but the next pairs have it held again. */
  @ParameterizedTest
  @ValueSource(ints = {3, 9})
  void theBlockIsHeldAgainAfterAnotherCameBetween(int order) {
    try (BuddyAllocator allocator = confined(Fixtures.pages(0, 4096))) {
      assertThat(allocator.allocatePages(0)).isZero(); // Breaks a unit up for the other one.
      long page = pairs(allocator, order);
      assertThat(isLastHeld(allocator)).isTrue();
      for (int time = 0; time < 3; time++) { // Its unit is touched from the first on.
        allocator.freePages(allocator.allocatePages(0));
        assertThat(pairs(allocator, order)).isEqualTo(page);
        assertThat(isLastHeld(allocator)).isTrue();
      }
      assertThatThrownBy(() -> allocator.freePages(page)).hasMessageContaining("not allocated");
      allocator.validate();
    }
  }

  private static boolean isLastHeld(BuddyAllocator allocator) {
    Engine engine = PrivateParts.only(allocator, Engine.class);
    return PrivateParts.named(engine, "held", Boolean.class);
  }

  private static long pairs(BuddyAllocator allocator, int order) {
    long page = allocator.allocatePages(order);
    allocator.freePages(page);
    for (int pair = 0; pair < 3; pair++) {
      assertThat(allocator.allocatePages(order)).isEqualTo(page);
      allocator.freePages(page);
    }
    return page;
  }

  /** A refusal in between, so that nothing else was allocated since the block was known. */
  @Test
  void aBlockThatWasNotTakenBackIsNotKnownAnyMore() {
    try (BuddyAllocator allocator = confined(Fixtures.pages(0, 4))) {
      allocator.freePages(allocator.allocatePages(2));
      allocator.drain(); // Touched from now on.
      allocator.freePages(allocator.allocatePages(2));
      long small = allocator.allocatePages(1);
      assertThat(allocator.tryAllocatePages(2)).isEqualTo(NO_PAGES);
      allocator.freePages(small);
      assertThat(allocator.allocatePages(2)).isZero();
      assertThat(allocator.tryAllocatePages(1)).isEqualTo(NO_PAGES);
      assertThat(allocator.orderAt(0)).isEqualTo(2);
    }
  }
}
