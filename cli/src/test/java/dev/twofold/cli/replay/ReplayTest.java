package dev.twofold.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.cli.progress.Progress;
import dev.twofold.cli.trace.Recording;
import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Regions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {

  private static final int PAGES = 1 << 12;

  @Test
  void freesABlockWithItsEvent() {
    expect(new Script().allocate(8, 3).free(8, 3).allocate(1, 0), new Traffic(2, 1, 0, 0, 8, 1));
  }

  @Test
  void keepsABlockUntilItsLastFrameIsFreed() {
    expect(new Script().allocate(8, 2).free(11, 0).free(8, 1), new Traffic(1, 2, 0, 0, 4, 4));
    expect(
        new Script().allocate(8, 2).free(11, 0).free(8, 1).free(10, 0),
        new Traffic(1, 3, 0, 0, 4, 0));
  }

  @Test
  void countsAFreeOfTheSameFrameOnlyOnce() {
    expect(
        new Script().allocate(8, 1).free(8, 0).free(8, 0).free(8, 0),
        new Traffic(1, 3, 2, 0, 2, 2));
  }

  @Test
  void freesSeveralBlocksWithOneEvent() {
    // Two pages, a hole, and half of a block that starts beyond: 8, 9, (10, 11), 12..15 of 12..19.
    expect(
        new Script().allocate(8, 0).allocate(9, 0).allocate(12, 3).free(8, 3),
        new Traffic(3, 1, 0, 0, 10, 8));
  }

  @Test
  void matchesAFreeOfWhichOneFrameIsLive() {
    expect(new Script().allocate(8, 0).free(0, 4).free(0, 4), new Traffic(1, 2, 1, 0, 1, 0));
  }

  @Test
  void freesWhatAnAllocationOverlapsFirst() {
    // The old block is gone before the new one is there: the peak is 4, not 8.
    expect(new Script().allocate(8, 2).allocate(8, 2), new Traffic(2, 0, 0, 0, 4, 4));
    // The old block of 8 pages lives on with its other frames.
    expect(
        new Script().allocate(8, 3).allocate(10, 1).free(8, 1).free(12, 2),
        new Traffic(2, 2, 0, 0, 10, 2));
    // A frame that changed hands frees its new block alone.
    expect(new Script().allocate(8, 1).allocate(8, 0).free(8, 0), new Traffic(2, 1, 0, 0, 3, 2));
  }

  @Test
  void leavesTheFramesOfARefusedAllocationToNobody() {
    int all = 12;
    expect(
        new Script().allocate(0, all).allocate(1L << 51, 0).free(1L << 51, 0),
        new Traffic(2, 1, 1, 1, PAGES, PAGES));
    // The frames were taken away before the refusal: the block of one page went with its frame.
    expect(
        new Script().allocate(0, 0).allocate(9000, 11).allocate(0, all).free(0, 0).free(9000, 11),
        new Traffic(3, 2, 1, 1, 2049, 0));
  }

  @Test
  void reportsTheAllocatorAsItWasBeforeTheFinalFreeing() {
    ReplayResult result = replay(new Script().allocate(7, 0), 4096);
    assertThat(result.end().pagesTotal()).isEqualTo(PAGES);
    assertThat(result.end().pagesAllocated()).isEqualTo(1);
    assertThat(result.end().freeBlocks().subList(0, 13))
        .containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 0L);
    assertThat(result.end().allocations()).isEqualTo(1);
    assertThat(result.end().frees()).isZero();
    assertThat(result.drained()).isTrue();
  }

  @Test
  void noticesAPageThatSomebodyElseWroteTo() {
    try (BuddyAllocator allocator = allocator(8)) {
      Stamps stamps = Stamps.in(allocator);
      Stamps careless =
          new Stamps() {
            @Override
            public void stamp(int block, long address) {
              stamps.stamp(block, address);
              MemorySegment memory = allocator.segment(address);
              memory.set(ValueLayout.JAVA_BYTE, memory.byteSize() - 1, (byte) 1);
            }

            @Override
            public long damagedPages(int block, long address) {
              return stamps.damagedPages(block, address);
            }
          };
      Script script = new Script().allocate(8, 2).allocate(16, 0).free(8, 2);
      ReplayResult result =
          new Replay(plan(script.recording()), allocator, careless).run(Progress.silent());
      assertThat(result.defects())
          .containsExactly("2 pages were overwritten while they were live.");
      assertThat(result.drained()).isTrue();
    }
  }

  @Test
  void noticesAnAllocatorThatIsNotAsItShouldBe() {
    try (BuddyAllocator allocator = allocator(4096)) {
      long[] stranger = new long[1];
      Stamps meddling =
          new Stamps() {
            @Override
            public void stamp(int block, long address) {
              allocator.freePages(address);
              stranger[0] = allocator.allocatePages(1);
            }

            @Override
            public long damagedPages(int block, long address) {
              return 0;
            }
          };
      ReplayResult result =
          new Replay(plan(new Script().allocate(8, 0).recording()), allocator, meddling)
              .run(Progress.silent());
      assertThat(result.defects()).isNotEmpty().allMatch(sentence -> sentence.endsWith("."));
      assertThat(result.defects().getFirst()).contains("2 pages as allocated, but 1 are live");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithANaiveModelUnderRandomEvents(long seed) {
    Random random = new Random(seed);
    Script script = new Script();
    NaiveReplay naive = new NaiveReplay(Integer.MAX_VALUE);
    int events = 2000;
    for (int i = 0; i < events; i++) {
      script.random(random, naive);
    }
    ReplayResult result = replay(script, 4096, 1 << 18);
    assertThat(result.traffic()).isEqualTo(naive.traffic());
    assertThat(result.defects()).isEmpty();
    assertThat(result.drained()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void agreesWithANaiveModelWhenSinglePagesRunOut(long seed) {
    Random random = new Random(seed);
    Script script = new Script();
    NaiveReplay naive = new NaiveReplay(64);
    for (int i = 0; i < 4000; i++) {
      long frame = random.nextInt(200);
      if (random.nextInt(5) < 3) {
        script.allocate(frame, 0);
        naive.allocate(frame, 0);
      } else {
        int order = random.nextInt(3);
        script.free(frame, order);
        naive.free(frame, order);
      }
    }
    ReplayResult result = replay(script, 4096, 64);
    assertThat(result.traffic()).isEqualTo(naive.traffic());
    assertThat(result.traffic().failedAllocations()).isPositive();
    assertThat(result.defects()).isEmpty();
    assertThat(result.drained()).isTrue();
  }

  private static void expect(Script script, Traffic traffic) {
    ReplayResult result = replay(script, 4096);
    assertThat(result.traffic()).isEqualTo(traffic);
    assertThat(result.defects()).isEmpty();
    assertThat(result.drained()).isTrue();
  }

  private static ReplayResult replay(Script script, long pageBytes) {
    return replay(script, pageBytes, PAGES);
  }

  private static ReplayResult replay(Script script, long pageBytes, int pages) {
    try (BuddyAllocator allocator = allocator(pageBytes, pages)) {
      return new Replay(plan(script.recording()), allocator, Stamps.in(allocator))
          .run(Progress.silent());
    }
  }

  private static Plan plan(Recording recording) {
    return Plan.of(recording, 1, Progress.silent());
  }

  private static BuddyAllocator allocator(long pageBytes) {
    return allocator(pageBytes, PAGES);
  }

  private static BuddyAllocator allocator(long pageBytes, int pages) {
    return BuddyAllocator.builder()
        .pageSizeBytes(pageBytes)
        .region(Regions.anonymous(pages * pageBytes))
        .build();
  }
}
