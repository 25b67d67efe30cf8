package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads that freed everything, or draw on units, and then do nothing more but stay alive: what
 * they know of free pages is in nobody's way.
 */
class ParkedThreadsTest {

  private static final int THREADS = 8;

  /** What a thread does before it parks. */
  private interface Deed {
    void by(int thread);
  }

  /** Does something in threads that go on living, then something else, and lets them end. */
  private static void whileParked(boolean virtual, Deed deed, Runnable meanwhile) {
    CountDownLatch done = new CountDownLatch(THREADS);
    CountDownLatch end = new CountDownLatch(1);
    Threads.run(
        virtual,
        THREADS + 1,
        thread -> {
          if (thread < THREADS) {
            try {
              deed.by(thread);
            } finally {
              done.countDown();
            }
            end.await();
          } else {
            done.await();
            try {
              meanwhile.run();
            } finally {
              end.countDown();
            }
          }
        });
  }

  private static List<Long> shuffled(List<Long> blocks) {
    List<Long> shuffled = new ArrayList<>(blocks);
    Collections.shuffle(shuffled, new Random(3));
    return shuffled;
  }

  /** Memories of one unit, of some and of many; what was freed; what is asked for first. */
  static Stream<Arguments> requests() {
    return Stream.of(9, 11, 14)
        .flatMap(
            memory ->
                Stream.of(0, 3, 5, 8)
                    .flatMap(
                        freed ->
                            IntStream.rangeClosed(0, memory)
                                .mapToObj(order -> Arguments.of(memory, freed, order))));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void everyRequestThatWhatOthersFreedCanServeSucceeds(int memory, int freed, int order) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << memory)) {
      List<Long> blocks = shuffled(Fixtures.allocateAll(allocator, freed));
      whileParked(
          order % 2 == 0,
          thread -> Fixtures.freeAll(allocator, Fixtures.every(THREADS, thread, blocks)),
          () ->
              assertThat(Fixtures.allocateAll(allocator, order))
                  .as("blocks of order %d", order)
                  .hasSize(1 << (memory - order)));
    }
  }

  /** Half of the memory, in blocks of random sizes, is freed by others; a model says what fits. */
  @ParameterizedTest
  @CsvSource({"11, false", "11, true", "14, false", "14, true"})
  void requestsSucceedIfAndOnlyIfABlockIsFree(int memory, boolean virtual) {
    for (int order = 0; order <= memory; order++) {
      try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << memory)) {
        ReferenceModel model = new ReferenceModel();
        model.addRegion(0, 1L << memory);
        List<Long> blocks = allocateRandom(allocator, model, order);
        List<Long> halves = blocks.subList(0, blocks.size() / 2);
        halves.forEach(address -> model.freed(address / Fixtures.PAGE_BYTES));
        int request = order;
        whileParked(
            virtual,
            thread -> Fixtures.freeAll(allocator, Fixtures.every(THREADS, thread, halves)),
            () ->
                assertThat(Fixtures.serves(allocator, request))
                    .as("a block of order %d, free are %s", request, model.freeBlocks())
                    .isEqualTo(model.serves(request)));
        allocator.validate();
      }
    }
  }

  private static List<Long> allocateRandom(
      BuddyAllocator allocator, ReferenceModel model, long seed) {
    Random random = new Random(seed);
    List<Long> blocks = new ArrayList<>();
    while (allocator.stats().pagesFree() > 0) {
      int order = Math.min(random.nextInt(10), allocator.stats().largestFreeOrder());
      long address = allocator.allocatePages(order);
      model.allocated(address / Fixtures.PAGE_BYTES, order);
      blocks.add(address);
    }
    Collections.shuffle(blocks, random);
    return blocks;
  }

  /** Every thread draws on a unit for each of some orders and then gives its blocks back. */
  @ParameterizedTest
  @CsvSource({"13, false", "13, true", "18, false", "18, true"})
  void unitsThatOthersDrawOnAreHadWhole(int memory, boolean virtual) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << memory)) {
      whileParked(
          virtual,
          thread -> {
            List<Long> blocks = new ArrayList<>();
            for (int order = 0; order < 9; order++) {
              blocks.add(allocator.allocatePages(order));
            }
            Fixtures.freeAll(allocator, blocks);
          },
          () -> assertThat(Fixtures.serves(allocator, memory)).as("everything").isTrue());
      AsNew.assertAsNew(allocator);
    }
  }

  /** Every thread draws on a unit and keeps a page of it: the rest is everybody's. */
  @ParameterizedTest
  @CsvSource({"13, false", "13, true", "17, false", "17, true"})
  void pagesOfUnitsThatOthersDrawOnAreHadToTheLast(int memory, boolean virtual) {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 1L << memory)) {
      List<Long> kept = Collections.synchronizedList(new ArrayList<>());
      whileParked(
          virtual,
          thread -> kept.add(allocator.allocatePages(0)),
          () ->
              assertThat(Fixtures.allocateAll(allocator, 0))
                  .hasSize((1 << memory) - THREADS)
                  .doesNotContainAnyElementsOf(kept));
      allocator.validate();
    }
  }

  @Test
  void whatParkedThreadsDoIsToldIfItFails() {
    assertThatThrownBy(
            () ->
                whileParked(
                    false,
                    thread -> {
                      throw new IllegalStateException("thread " + thread);
                    },
                    () -> {}))
        .hasMessageContaining("8 threads failed");
  }
}
