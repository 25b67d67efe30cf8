package dev.twofold.core;

import static dev.twofold.core.RecordingRegion.UNIT_BYTES;
import static dev.twofold.core.RecordingRegion.UNIT_PAGES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which memory goes back and when, by a clock that the tests move themselves. */
class DecayScenarioTest {

  private static final int UNIT = Tiers.UNIT_ORDER;
  private static final long DECAY = 1_000;

  private final RecordingRegion region = RecordingRegion.ofUnits(64);
  private final BuddyAllocator allocator = Fixtures.allocator(region);
  private final GiveBack giveBack = PrivateParts.only(allocator, GiveBack.class);
  private long now;

  @AfterEach
  void nothingIsKept() {
    allocator.validate();
    allocator.close();
  }

  /** Moves the clock and has the free units looked at; returns the calls. */
  private List<String> look(long later) {
    now += later;
    giveBack.giveBack(now, now - DECAY);
    return region.calls();
  }

  private MemoryStats memory() {
    return allocator.stats().memory();
  }

  @Test
  void newMemoryIsNotGivenBack() {
    assertThat(look(DECAY)).isEmpty();
    assertThat(look(DECAY)).isEmpty();
    assertThat(memory()).isEqualTo(new MemoryStats(64 * UNIT_BYTES, 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 9, 10})
  void whatIsFreeForTheWholeTimeIsGivenBackOnce(int order) {
    int units = order <= UNIT ? 1 : 2;
    long committed = units * UNIT_BYTES;
    long block = allocator.allocatePages(order);
    assertThat(look(2 * DECAY)).isEmpty();
    assertThat(look(2 * DECAY)).isEmpty();
    allocator.freePages(block);
    assertThat(look(1)).as("found free").isEmpty();
    assertThat(look(DECAY - 1)).isEmpty();
    assertThat(memory())
        .isEqualTo(new MemoryStats(64 * UNIT_BYTES, committed, 0, 0, 0, 0))
        .satisfies(memory -> assertThat(memory.cachedBytes()).isEqualTo(committed));
    assertThat(look(1)).containsExactly("0+" + units);
    assertThat(memory()).isEqualTo(new MemoryStats(64 * UNIT_BYTES, 0, 0, committed, 1, committed));
    assertThat(look(10 * DECAY)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 8, 9, 11})
  void whatIsUsedMeanwhileIsKept(int order) {
    allocator.freePages(allocator.allocatePages(order));
    for (int look = 0; look < 20; look++) {
      assertThat(look(DECAY - 1)).isEmpty();
      allocator.freePages(allocator.allocatePages(order));
    }
    look(1);
    assertThat(look(DECAY)).containsExactly(order < 11 ? "0+1" : "0+4");
  }

  /** What is handed out is in use, however long ago it was found free. */
  @Test
  void whatIsAllocatedIsKeptAndCountsFromItsFree() {
    allocator.freePages(allocator.allocatePages(UNIT));
    look(1);
    long page = allocator.allocatePages(0);
    assertThat(look(5 * DECAY)).isEmpty();
    allocator.freePages(page);
    assertThat(look(1)).isEmpty();
    assertThat(look(DECAY)).containsExactly("0+1");
  }

  @Test
  void adjacentUnitsGoBackInOneCallWithinAGroupOf32() {
    List<Long> blocks = Fixtures.allocate(allocator, 64, UNIT);
    blocks.sort(null);
    List<Long> kept =
        List.of(blocks.get(3), blocks.get(10), blocks.get(11), blocks.get(62), blocks.get(63));
    blocks.removeAll(kept);
    Fixtures.freeAll(allocator, blocks);
    look(1);
    assertThat(look(DECAY)).containsExactly("0+3", "4+6", "12+20", "32+30");
    assertThat(memory())
        .isEqualTo(
            new MemoryStats(
                64 * UNIT_BYTES,
                5 * UNIT_BYTES,
                5 * UNIT_BYTES,
                59 * UNIT_BYTES,
                4,
                59 * UNIT_BYTES));
    Fixtures.freeAll(allocator, kept);
    look(1);
    assertThat(look(DECAY)).containsExactly("3+1", "10+2", "62+2");
    AsNew.assertAsNew(allocator);
  }

  @Test
  void unitsThatAreNotWhollyFreeAreKept() {
    List<Long> pages = Fixtures.allocate(allocator, (int) (2 * UNIT_PAGES), 0);
    long last = pages.removeLast();
    Fixtures.freeAll(allocator, pages);
    look(1);
    assertThat(look(DECAY)).hasSize(1).isNotEqualTo(List.of("0+2"));
    allocator.freePages(last);
    look(1);
    assertThat(look(DECAY)).hasSize(1);
    assertThat(memory().committedBytes()).isZero();
  }

  @Test
  void unitsAtTheEndsOfARegionAreNeverGivenBack() {
    RecordingRegion odd = new RecordingRegion(UNIT_PAGES - 3, 2 * UNIT_PAGES + 5);
    try (BuddyAllocator small = Fixtures.allocator(odd)) {
      assertThat(small.stats().memory().committedBytes()).isZero();
      Fixtures.freeAll(small, Fixtures.allocateAll(small, 0));
      assertThat(small.stats().memory().committedBytes()).isEqualTo(odd.sizeBytes());
      assertThat(small.trim()).isEqualTo(2 * UNIT_BYTES);
      assertThat(odd.calls()).containsExactly("1+2");
      MemoryStats memory = small.stats().memory();
      assertThat(memory.committedBytes()).isEqualTo(5 * Fixtures.PAGE_BYTES);
      assertThat(memory.decommittedBytes()).isEqualTo(2 * UNIT_BYTES);
    }
  }

  @Test
  void onlyBlocksOfTheChosenOrderAreGivenBack() {
    RecordingRegion large = RecordingRegion.ofUnits(64);
    try (BuddyAllocator coarse =
        BuddyAllocator.builder().region(large).decommitOrder(UNIT + 2).build()) {
      List<Long> blocks = Fixtures.allocateAll(coarse, UNIT);
      List<Long> kept = List.of(blocks.get(3), blocks.get(8), blocks.get(33));
      blocks.removeAll(kept);
      Fixtures.freeAll(coarse, blocks);
      assertThat(coarse.trim()).isEqualTo(52 * UNIT_BYTES);
      assertThat(large.calls()).containsExactly("4+4", "12+20", "36+28");
      Fixtures.freeAll(coarse, kept);
      assertThat(coarse.trim()).isEqualTo(12 * UNIT_BYTES);
      assertThat(large.calls()).containsExactly("0+4", "8+4", "32+4");
    }
  }

  @Test
  void largestOrderTakesTheWholeTree() {
    RecordingRegion tree = RecordingRegion.ofUnits(512);
    try (BuddyAllocator coarse =
        BuddyAllocator.builder().region(tree).decommitOrder(Orders.MAX_ORDER).build()) {
      long page = coarse.allocatePages(0);
      coarse.freePages(coarse.allocatePages(UNIT + 7));
      assertThat(coarse.trim()).isZero();
      coarse.freePages(page);
      assertThat(coarse.trim()).isEqualTo(129 * UNIT_BYTES);
      assertThat(tree.calls()).containsExactly("0+1", "128+32", "160+32", "192+32", "224+32");
      AsNew.assertAsNew(coarse);
    }
  }

  @Test
  void trimTakesWhatWasNotLookedAtYetAndNothingTwice() {
    List<Long> blocks = Fixtures.allocate(allocator, 3, UNIT);
    blocks.sort(null);
    allocator.freePages(blocks.get(0));
    allocator.freePages(blocks.get(2));
    assertThat(allocator.trim()).isEqualTo(2 * UNIT_BYTES);
    assertThat(region.calls()).containsExactly("0+1", "2+1");
    assertThat(allocator.trim()).isZero();
    allocator.freePages(allocator.allocatePages(0));
    assertThat(allocator.trim()).isEqualTo(UNIT_BYTES);
    assertThat(region.calls()).hasSize(1);
    allocator.freePages(blocks.get(1));
    assertThat(memory().decommits()).isEqualTo(3);
    assertThat(memory().decommittedBytes()).isEqualTo(2 * UNIT_BYTES);
    assertThat(memory().decommittedBytesSoFar()).isEqualTo(3 * UNIT_BYTES);
  }

  @Test
  void whatTheRegionRefusesStaysCommittedAndIsTriedAgainAfterTheWholeTime() {
    region.answer((address, sizeBytes) -> address != 4 * UNIT_BYTES);
    List<Long> blocks = Fixtures.allocate(allocator, 8, UNIT);
    blocks.sort(null);
    allocator.freePages(blocks.get(0));
    allocator.freePages(blocks.get(4));
    look(1);
    assertThat(look(DECAY)).containsExactly("0+1", "4+1");
    assertThat(memory().committedBytes()).isEqualTo(7 * UNIT_BYTES);
    assertThat(memory().decommits()).isOne();
    assertThat(look(DECAY - 1)).isEmpty();
    assertThat(look(1)).containsExactly("4+1");
    assertThat(Fixtures.serves(allocator, UNIT)).isTrue();
  }

  @Test
  void whatTheRegionThrowsIsPassedOnAndNothingIsLost() {
    Fixtures.freeAll(allocator, Fixtures.allocate(allocator, 40, UNIT));
    region.answer(
        (address, sizeBytes) -> {
          throw new IllegalStateException("no");
        });
    assertThatThrownBy(allocator::trim).isInstanceOf(IllegalStateException.class).hasMessage("no");
    assertThat(memory().committedBytes()).isEqualTo(40 * UNIT_BYTES);
    AsNew.assertAsNew(allocator);
    region.answer((address, sizeBytes) -> true);
    assertThat(allocator.trim()).isEqualTo(40 * UNIT_BYTES);
  }

  @Test
  void whatOneRegionThrowsKeepsNoOtherFromGoingBack() {
    RecordingRegion broken = new RecordingRegion(1 << 20, 4 * UNIT_PAGES);
    RecordingRegion behind = new RecordingRegion(1 << 21, 4 * UNIT_PAGES);
    allocator.regions().add(broken);
    allocator.regions().add(behind);
    Fixtures.freeAll(allocator, Fixtures.allocateAll(allocator, UNIT));
    broken.answer(
        (address, sizeBytes) -> {
          throw new IllegalStateException("broken");
        });
    assertThatThrownBy(allocator::trim).isInstanceOf(IllegalStateException.class);
    assertThat(memory().committedBytes()).isEqualTo(4 * UNIT_BYTES);
    assertThat(behind.calls()).hasSize(1);
    assertThat(region.calls()).hasSize(2);
    broken.answer((address, sizeBytes) -> true);
    assertThat(allocator.trim()).isEqualTo(4 * UNIT_BYTES);
  }

  @Test
  void whatWentBackIsCountedOnWhenItsRegionIsRemoved() {
    RecordingRegion other = new RecordingRegion(1 << 20, 4 * UNIT_PAGES);
    allocator.regions().add(other);
    Fixtures.freeAll(allocator, Fixtures.allocateAll(allocator, UNIT));
    allocator.trim();
    assertThat(memory().decommits()).isEqualTo(3);
    allocator.regions().remove(other);
    assertThat(memory())
        .isEqualTo(new MemoryStats(64 * UNIT_BYTES, 0, 0, 64 * UNIT_BYTES, 3, 68 * UNIT_BYTES));
  }

  /**
   * While memory is given back its blocks are as free as they were: whoever frees one is refused.
   */
  @Test
  void freesAreRefusedWhileTheMemoryIsGivenBack() {
    long block = allocator.allocatePages(UNIT + 1);
    allocator.freePages(block);
    region.answer(
        (address, sizeBytes) -> {
          for (long place : new long[] {block, block + UNIT_BYTES, block + Fixtures.PAGE_BYTES}) {
            assertThatThrownBy(() -> allocator.freePages(place))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not allocated");
          }
          assertThat(allocator.allocatePages(UNIT)).isNotEqualTo(block);
          return true;
        });
    assertThat(allocator.trim()).isEqualTo(2 * UNIT_BYTES);
    assertThat(memory().usedBytes()).isEqualTo(UNIT_BYTES);
  }

  @Test
  void confinedAllocatorsAreTrimmedByTheirThread() {
    RecordingRegion own = RecordingRegion.ofUnits(4);
    try (BuddyAllocator confined = BuddyAllocator.builder().region(own).confined().build()) {
      confined.freePages(confined.allocatePages(0));
      confined.freePages(confined.allocatePages(UNIT));
      assertThat(confined.trim()).isEqualTo(UNIT_BYTES);
      assertThat(own.calls()).containsExactly("0+1");
      assertThatThrownBy(() -> Threads.platform(1, thread -> confined.trim()))
          .hasMessageContaining("confined to thread");
    }
  }

  @Test
  void closedAllocatorsAreNotTrimmed() {
    BuddyAllocator closed = Fixtures.allocator(RecordingRegion.ofUnits(1));
    closed.close();
    assertThatThrownBy(closed::trim)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the allocator is closed");
  }
}
