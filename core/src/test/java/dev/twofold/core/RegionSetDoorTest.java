package dev.twofold.core;

import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions that come and go: what each call does, with one thread. */
class RegionSetDoorTest {

  private static final long SPAN = 1L << BuddyAllocator.MAX_ORDER;

  private final Region base = Fixtures.pages(SPAN, 64);
  private final BuddyAllocator allocator = Fixtures.allocator(base);
  private final RegionSet regions = allocator.regions();

  private static boolean liesIn(Region region, long address) {
    return address >= region.address() && address < region.address() + region.sizeBytes();
  }

  /** Allocates blocks of all orders, the largest first, until nothing is left. */
  private static List<Long> allocateAll(BuddyAllocator allocator) {
    List<Long> blocks = new ArrayList<>();
    for (int order = BuddyAllocator.MAX_ORDER; order >= 0; order--) {
      blocks.addAll(Fixtures.allocateAll(allocator, order));
    }
    return blocks;
  }

  /** Leaves cursors, units in use and freed blocks of each order everywhere. */
  private static void leaveTraces(BuddyAllocator allocator) {
    for (int order = 0; order <= BuddyAllocator.MAX_ORDER; order++) {
      List<Long> blocks = new ArrayList<>();
      for (int count = 0; count < 6; count++) {
        long block = allocator.tryAllocatePages(order);
        if (block != BuddyAllocator.NO_PAGES) {
          blocks.add(block);
        }
      }
      Fixtures.freeAll(allocator, blocks);
    }
  }

  private static void assertForeign(BuddyAllocator allocator, long address) {
    String message = "0x%x lies in no region of this allocator".formatted(address);
    assertThatThrownBy(() -> allocator.freePages(address)).hasMessage(message);
    assertThatThrownBy(() -> allocator.orderAt(address)).hasMessage(message);
    assertThatThrownBy(() -> allocator.segment(address)).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, SPAN - 500, SPAN + 64, 2 * SPAN - 3})
  void pagesOfARegionThatIsAddedAreServed(long firstPage) {
    Region added = Fixtures.pages(firstPage, 500);
    assertForeign(allocator, added.address());
    regions.add(added);
    assertThat(allocator.stats().pagesTotal()).isEqualTo(564);
    List<Long> blocks = allocateAll(allocator);
    assertThat(allocator.stats().pagesFree()).isZero();
    assertThat(blocks).anyMatch(block -> liesIn(added, block));
    assertThat(blocks).allMatch(block -> liesIn(base, block) || liesIn(added, block));
    Fixtures.freeAll(allocator, blocks);
    AsNew.assertAsNew(allocator);
  }

  @Test
  void regionsThatDoNotFitAreRefusedAndStayTheCallers() {
    long digest = allocator.digest();
    refused("regions overlap: 262144 bytes at 0x40000000 and 8192 bytes at 0x40001000", SPAN + 1);
    refused("regions overlap: 8192 bytes at 0x3ffff000 and 262144 bytes at 0x40000000", SPAN - 1);
    UserRegion partial = new UserRegion(5, 4096, Optional.empty());
    assertThatThrownBy(() -> regions.add(partial))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("region of 4096 bytes at 0x5 holds no whole page of 4096 bytes");
    UserRegion nowhere = new UserRegion(-4096, 4096, Optional.empty());
    assertThatThrownBy(() -> regions.add(nowhere)).hasMessageContaining("does not lie between");
    UserRegion wide = UserRegion.pages(2 * SPAN, SPAN << 16);
    assertThatThrownBy(() -> regions.add(wide))
        .hasMessageContaining("span 65537 blocks of the largest order, 65536 are the limit");
    try (Region memory = Fixtures.memory(MIB)) {
      assertThatThrownBy(() -> regions.add(memory))
          .hasMessage(
              "regions with memory and bare ranges do not mix; build an allocator for each kind");
      assertThat(memory.memory().orElseThrow().scope().isAlive()).isTrue();
    }
    assertThat(List.of(partial.closes, nowhere.closes, wide.closes)).containsOnly(0);
    assertThat(regions.list()).extracting(RegionStats::region).containsExactly(base);
    assertThat(allocator.digest()).isEqualTo(digest);
  }

  private void refused(String message, long firstPage) {
    UserRegion region = UserRegion.pages(firstPage, 2);
    assertThatThrownBy(() -> regions.add(region))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(region.closes).isZero();
  }

  /** In trees of every height, and of several units; whatever hints there were. */
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 64, 513, 3000, (1 << 18) + 5})
  void noBlockComesFromARegionThatIsOffline(int pages) {
    Region away = Fixtures.pages(3 * SPAN + 7, pages);
    regions.add(away);
    leaveTraces(allocator);
    List<Long> held = allocateAll(allocator);
    Fixtures.freeAll(allocator, Fixtures.every(2, 0, held));
    List<Long> left = Fixtures.every(2, 1, held);
    CompletableFuture<Void> evacuation = Fixtures.evacuate(allocator, away);
    for (Long block : left) {
      if (liesIn(away, block)) {
        assertThat(evacuation).isNotDone();
        allocator.freePages(block);
        assertThat(allocateAll(allocator)).noneMatch(other -> liesIn(away, other));
        allocateAll(allocator).forEach(allocator::freePages);
      }
    }
    assertThat(evacuation).isCompleted();
    assertThat(allocateAll(allocator)).noneMatch(block -> liesIn(away, block));
    allocator.validate();
    regions.remove(away);
    allocator.validate();
  }

  @Test
  void blocksOfARegionThatIsOfflineCanBeUsedAndFreed() {
    try (BuddyAllocator withMemory = Fixtures.allocatorOfMemory(MIB)) {
      Region away = Fixtures.memory(MIB);
      withMemory.regions().offline(withMemory.regions().list().getFirst().region());
      withMemory.regions().add(away);
      long block = withMemory.allocatePages(2);
      long other = withMemory.allocatePages(0);
      withMemory.regions().offline(away);
      assertThat(withMemory.orderAt(block)).isEqualTo(2);
      MemorySegment segment = withMemory.segment(block);
      assertThat(segment.byteSize()).isEqualTo(4 * PAGE_BYTES);
      segment.set(ValueLayout.JAVA_LONG, 0, 42);
      assertThatThrownBy(() -> withMemory.freePages(block + PAGE_BYTES))
          .hasMessage(
              "0x%x is not the start of a block but lies inside the one at 0x%x",
              block + PAGE_BYTES, block);
      assertThatThrownBy(() -> withMemory.freePages(block + 1))
          .hasMessageContaining("0x%x".formatted(block));
      withMemory.free(segment);
      assertThatThrownBy(() -> withMemory.freePages(block))
          .hasMessageContaining("is not allocated");
      assertThatThrownBy(() -> withMemory.orderAt(block)).hasMessageContaining("is not allocated");
      assertThat(withMemory.orderAt(other)).isZero();
      assertThatThrownBy(() -> withMemory.allocatePages(0)).isInstanceOf(OutOfPagesException.class);
      withMemory.freePages(other);
    }
  }

  @Test
  void whoeverFreesTheLastBlockCompletesTheEvacuation() {
    Region away = Fixtures.pages(0, 64);
    regions.add(away);
    List<Long> blocks = allocateAll(allocator);
    CompletableFuture<Void> evacuation = Fixtures.evacuate(allocator, away);
    CompletableFuture<Void> again = Fixtures.evacuate(allocator, away);
    List<String> removals = new ArrayList<>();
    CompletableFuture<Void> removal =
        evacuation.thenRun(
            () -> {
              regions.remove(away);
              removals.add(Thread.currentThread().getName());
            });
    assertThat(again).isNotSameAs(evacuation).isNotDone();
    for (Long block : blocks) {
      assertThat(removals).hasSize(evacuation.isDone() ? 1 : 0);
      allocator.freePages(block);
    }
    assertThat(removals).containsExactly(Thread.currentThread().getName());
    assertThat(removal).isCompleted();
    assertThat(again).isCompleted();
    assertThat(regions.list()).hasSize(1);
    AsNew.assertAsNew(allocator);
  }

  @Test
  void anEmptyRegionIsEvacuatedAtOnce() {
    assertThat(Fixtures.evacuate(allocator, base)).isCompleted();
    assertThat(Fixtures.evacuate(allocator, base)).isCompleted();
    assertThat(allocator.tryAllocatePages(0)).isEqualTo(BuddyAllocator.NO_PAGES);
    assertThat(regions.list()).containsExactly(new RegionStats(base, false, 64, 0));
    assertThat(regions.list().getFirst().isEvacuated()).isTrue();
  }

  /** What a caller does to what it got is not what others see. */
  @Test
  void anEvacuationThatIsCompletedByACallerIsItsOwn() {
    long block = allocator.allocatePages(0);
    assertThat(Fixtures.evacuate(allocator, base).complete(null)).isTrue();
    assertThat(Fixtures.evacuate(allocator, base)).isNotDone();
    allocator.freePages(block);
    assertThat(Fixtures.evacuate(allocator, base)).isCompleted();
  }

  @Test
  void onlineAgainARegionServesAsBefore() {
    Region away = Fixtures.pages(5, 3000);
    regions.add(away);
    leaveTraces(allocator);
    List<Long> blocks = allocateAll(allocator);
    CompletableFuture<Void> evacuation = Fixtures.evacuate(allocator, away);
    Fixtures.freeAll(allocator, Fixtures.every(2, 0, blocks));
    regions.online(away);
    regions.online(away);
    assertThatThrownBy(evacuation::join).hasRootCauseInstanceOf(CancellationException.class);
    allocator.validate();
    List<Long> more = allocateAll(allocator);
    assertThat(allocator.stats().pagesFree()).isZero();
    Fixtures.freeAll(allocator, more);
    Fixtures.freeAll(allocator, Fixtures.every(2, 1, blocks));
    AsNew.assertAsNew(allocator);
  }

  @Test
  void figuresCountFreePagesOfRegionsOnlineOnly() {
    Region away = Fixtures.pages(0, 64);
    regions.add(away);
    long block = allocator.allocatePages(5);
    allocator.regions().offline(away);
    AllocatorStats stats = allocator.stats();
    boolean inside = liesIn(away, block);
    assertThat(stats.pagesTotal()).isEqualTo(inside ? 96 : 64);
    assertThat(stats.pagesAllocated()).isEqualTo(32);
    assertThat(regions.list())
        .containsExactly(
            new RegionStats(away, false, 64, inside ? 32 : 0),
            new RegionStats(base, true, 64, inside ? 0 : 32));
    assertThatThrownBy(() -> regions.list().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    allocator.freePages(block);
    stats = allocator.stats();
    assertThat(stats.pagesTotal()).isEqualTo(64);
    assertThat(stats.frees()).isOne();
    regions.remove(away);
    assertThat(allocator.stats().merges()).isEqualTo(allocator.stats().splits());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRegionWithBlocksIsNotRemovedAndSaysWhich(boolean online) {
    UserRegion away = UserRegion.pages(0, 64);
    allocator.regions().offline(base);
    regions.add(away);
    allocator.allocatePages(1);
    if (!online) {
      allocator.regions().offline(away);
    }
    long digest = allocator.digest();
    assertThatThrownBy(() -> regions.remove(away))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "region of 262144 bytes at 0x0 has 1 allocated block: 8192 bytes at 0x0; free them"
                + " first, or take it offline and wait");
    assertThat(allocator.digest()).isEqualTo(digest);
    regions.online(away);
    for (int count = 0; count < 5; count++) {
      allocator.allocatePages(0);
    }
    if (!online) {
      allocator.regions().offline(away);
    }
    digest = allocator.digest();
    assertThatThrownBy(() -> regions.remove(away))
        .hasMessageContaining(
            "has 6 allocated blocks: 8192 bytes at 0x0, 4096 bytes at 0x2000, 4096 bytes at 0x3000,"
                + " 4096 bytes at 0x4000, ...; free");
    assertThat(allocator.digest()).isEqualTo(digest);
    assertThat(regions.list().getFirst()).isEqualTo(new RegionStats(away, online, 64, 7));
    assertThat(Fixtures.serves(allocator, 0)).isEqualTo(online);
    assertThat(away.closes).isZero();
  }

  @Test
  void nothingIsLeftOfARegionThatWasRemoved() {
    try (BuddyAllocator never = Fixtures.allocator(base)) {
      UserRegion away = UserRegion.pages(3 * SPAN, 3000);
      regions.add(away);
      List<Long> blocks = allocateAll(allocator);
      Fixtures.freeAll(allocator, blocks);
      allocator.drain();
      regions.remove(away);
      assertThat(away.closes).isOne();
      blocks.stream()
          .filter(block -> liesIn(away, block))
          .forEach(block -> assertForeign(allocator, block));
      AsNew.assertAsNew(allocator);
      TreeWords words = PrivateParts.trees(allocator).allWords();
      assertThat(words.of(1)).isSameAs(TreeWords.NOTHING).isSameAs(words.of(2));
      assertThat(allocator.stats().freeBlocks()).isEqualTo(never.stats().freeBlocks());
      assertThat(allocator.stats().pagesTotal()).isEqualTo(64);
      allocator.close();
      assertThat(away.closes).isOne();
    }
  }

  @Test
  void metadataEqualThatOfAnAllocatorThatNeverHadTheRegions() {
    try (BuddyAllocator never = Fixtures.allocator(base)) {
      long block = allocator.allocatePages(1);
      assertThat(never.allocatePages(1)).isEqualTo(block);
      for (long page : new long[] {0, 3 * SPAN}) {
        Region away = Fixtures.pages(page, 2 * SPAN / 3);
        regions.add(away);
        allocator.freePages(allocator.allocatePages(16));
        regions.remove(away);
      }
      assertThat(allocator.digest()).isEqualTo(never.digest());
    }
  }

  @Test
  void memoryOfARegionThatWasRemovedCannotBeAccessed() {
    try (BuddyAllocator withMemory = Fixtures.allocatorOfMemory(MIB)) {
      Region away = Fixtures.memory(8 * MIB);
      withMemory.regions().add(away);
      MemorySegment segment = withMemory.allocate(4 * MIB, 1);
      withMemory.free(segment);
      withMemory.regions().remove(away);
      assertThat(segment.scope().isAlive()).isFalse();
    }
  }

  @Test
  void withoutAnyRegionRequestsAreRefusedUntilOneIsAdded() {
    regions.remove(base);
    assertThat(regions.list()).isEmpty();
    assertThat(allocator.tryAllocatePages(0)).isEqualTo(BuddyAllocator.NO_PAGES);
    assertThat(allocator.stats().pagesTotal()).isZero();
    assertForeign(allocator, base.address());
    allocator.drain();
    allocator.validate();
    try (Region memory = Fixtures.memory(MIB)) {
      assertThatThrownBy(() -> regions.add(memory)).hasMessageContaining("do not mix");
    }
    regions.add(base);
    assertThat(allocateAll(allocator)).isNotEmpty();
  }
}
