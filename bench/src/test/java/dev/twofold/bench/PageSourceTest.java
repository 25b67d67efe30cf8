package dev.twofold.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every allocator that is measured does what is measured. */
class PageSourceTest {

  private static final int SLOTS = 300;
  private static final int THREADS = 2;

  private static void needs(Peer peer, String test) {
    if (!peer.isAvailable()) {
      System.out.printf("skipped: %s of %s. %s%n", test, peer.label(), peer.howToGetIt());
    }
    assumeTrue(peer.isAvailable());
  }

  @ParameterizedTest
  @EnumSource
  void blocksAreApartAndWritable(Peer peer) {
    needs(peer, "blocksAreApartAndWritable");
    try (PageHeap heap = peer.open(1);
        PageSource source = heap.source(SLOTS)) {
      for (int slot = 0; slot < SLOTS; slot++) {
        source.allocate(slot, orderOf(slot));
      }
      for (int slot = 0; slot < SLOTS; slot += 3) {
        source.free(slot);
        source.allocate(slot, orderOf(slot));
      }
      assertBlocksAreApart(List.of(source));
      for (int slot = 0; slot < SLOTS; slot++) {
        memory(source, slot).set(JAVA_LONG, 0, slot);
        memory(source, slot).set(JAVA_LONG, lastLong(slot), -slot);
      }
      for (int slot = 0; slot < SLOTS; slot++) {
        assertThat(memory(source, slot).get(JAVA_LONG, 0)).isEqualTo(slot);
        assertThat(memory(source, slot).get(JAVA_LONG, lastLong(slot))).isEqualTo(-slot);
        source.free(slot);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void threadsHoldBlocksApart(Peer peer) throws Exception {
    needs(peer, "threadsHoldBlocksApart");
    try (PageHeap heap = peer.open(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      CyclicBarrier barrier = new CyclicBarrier(THREADS);
      List<PageSource> sources = new CopyOnWriteArrayList<>();
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        done.add(threads.submit(() -> holdAndFree(heap, sources, barrier)));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
  }

  private static Void holdAndFree(PageHeap heap, List<PageSource> sources, CyclicBarrier barrier)
      throws Exception {
    try (PageSource source = heap.source(SLOTS)) {
      sources.add(source);
      for (int slot = 0; slot < SLOTS; slot++) {
        source.allocate(slot, orderOf(slot));
      }
      barrier.await();
      assertBlocksAreApart(sources);
      barrier.await();
      for (int slot = 0; slot < SLOTS; slot++) {
        source.free(slot);
      }
    }
    return null;
  }

  @ParameterizedTest
  @EnumSource
  void confinedPeersHaveAnAllocatorOfEachThread(Peer peer) throws Exception {
    needs(peer, "confinedPeersHaveAnAllocatorOfEachThread");
    try (PageHeap heap = peer.open(1);
        PageSource source = heap.source(1);
        ExecutorService stranger = Executors.newSingleThreadExecutor()) {
      source.allocate(0, 0);
      Future<?> freed = stranger.submit(() -> source.free(0));
      if (peer.label().endsWith("-confined")) {
        assertThatThrownBy(freed::get).hasCauseInstanceOf(WrongThreadException.class);
        source.free(0);
      } else {
        assertThatCode(freed::get).doesNotThrowAnyException();
      }
    }
  }

  private static void assertBlocksAreApart(List<PageSource> sources) {
    Map<Long, Long> ends = new TreeMap<>();
    for (PageSource source : sources) {
      for (int slot = 0; slot < SLOTS; slot++) {
        ends.put(source.address(slot), source.address(slot) + sizeBytes(slot));
      }
    }
    assertThat(ends).hasSize(SLOTS * sources.size());
    long previousEnd = 0;
    for (Map.Entry<Long, Long> block : ends.entrySet()) {
      assertThat(block.getKey()).isGreaterThanOrEqualTo(previousEnd);
      previousEnd = block.getValue();
    }
  }

  private static int orderOf(int slot) {
    return ChurnPlan.orderFrom(slot);
  }

  private static long sizeBytes(int slot) {
    return PageSource.PAGE_BYTES << orderOf(slot);
  }

  private static long lastLong(int slot) {
    return sizeBytes(slot) - Long.BYTES;
  }

  @SuppressWarnings("restricted") // The block is as large as was asked for.
  private static MemorySegment memory(PageSource source, int slot) {
    return MemorySegment.ofAddress(source.address(slot)).reinterpret(sizeBytes(slot));
  }
}
