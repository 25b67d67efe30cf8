package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Units of which all was freed stay broken up for the next small blocks, and are whole for
 * everybody else.
 */
class VacantUnitScenarioTest {

  private static final int UNITS = 128;
  private static final int UNIT = Tiers.UNIT_ORDER;
  private static final int SMALL = 2;
  private static final int BLOCKS_OF_UNIT = Tiers.UNIT_PAGES >> SMALL;
  private static final long UNIT_BYTES = RecordingRegion.UNIT_BYTES;

  private final RecordingRegion region = RecordingRegion.ofUnits(UNITS);
  private final BuddyAllocator allocator = Fixtures.allocator(region);

  @AfterEach
  void close() {
    allocator.validate();
    allocator.close();
  }

  private Tree tree() {
    return PrivateParts.only(PrivateParts.trees(allocator).all()[0], Tree.class);
  }

  private List<Integer> vacantUnits() {
    Tree tree = tree();
    return IntStream.range(0, UNITS)
        .filter(unit -> tree.isBroken(unit) && tree.isVacant(unit))
        .boxed()
        .toList();
  }

  /** Leaves all of the first units vacant but for one, which the block returned lies in. */
  private long leaveVacant(int count) {
    Fixtures.freeAll(allocator, Fixtures.allocate(allocator, count * BLOCKS_OF_UNIT, SMALL));
    long block = allocator.allocatePages(0); // Looks for a unit of its own, so settles first.
    assertThat(RecordingRegion.unitOf(block)).isLessThan(count);
    assertThat(vacantUnits()).hasSize(count - 1).allMatch(unit -> unit < count);
    return block;
  }

  @Test
  void serveSmallBlocksAsTheyAre() {
    long kept = leaveVacant(32);
    List<Integer> vacant = vacantUnits();
    List<Long> blocks = Fixtures.allocate(allocator, vacant.size() * BLOCKS_OF_UNIT, SMALL);
    assertThat(blocks).allMatch(block -> RecordingRegion.unitOf(block) < 32);
    assertThat(vacantUnits()).isEmpty();
    Fixtures.freeAll(allocator, blocks);
    allocator.freePages(kept);
    AsNew.assertAsNew(allocator);
  }

  @Test
  void comeAfterAllThatHoldBlocks() {
    List<Long> blocks = Fixtures.allocate(allocator, 4 * BLOCKS_OF_UNIT, SMALL);
    List<Long> ofUnits = Fixtures.every(BLOCKS_OF_UNIT, 0, blocks);
    blocks.removeAll(ofUnits.subList(0, 2));
    Fixtures.freeAll(allocator, blocks);
    List<Long> small = Fixtures.allocate(allocator, 300, 0);
    assertThat(vacantUnits()).hasSize(2);
    assertThat(small).allMatch(block -> RecordingRegion.unitOf(block) < 2);
    Fixtures.freeAll(allocator, small);
  }

  @Test
  void areWholeForARequestOfWholeUnits() {
    leaveVacant(32);
    // One holds the block, one is drawn on, one was not worth a look; the others need no split.
    for (int unit = 3; unit < 32; unit++) {
      assertThat(RecordingRegion.unitOf(allocator.allocatePages(UNIT))).isLessThan(32);
    }
    assertThat(allocator.stats().largestFreeOrder()).isEqualTo(UNIT + 6);
  }

  @Test
  void areWholeForARequestOfWholeUnitsThatReadAsZero() {
    leaveVacant(32);
    PrivateParts.trees(allocator).allocateZero(UNIT + 2);
    assertThat(vacantUnits()).hasSizeLessThan(3);
  }

  @Test
  void areMergedBeforeARequestIsRefused() {
    Fixtures.allocate(allocator, UNITS / 32 - 1, UNIT + 5); // All but 32 units.
    Fixtures.freeAll(allocator, Fixtures.allocate(allocator, 32 * BLOCKS_OF_UNIT, SMALL));
    long kept = allocator.allocatePages(0);
    assertThat(vacantUnits()).hasSizeGreaterThan(16);
    allocator.freePages(kept);
    assertThat(allocator.tryAllocatePages(UNIT + 5)).isNotEqualTo(BuddyAllocator.NO_PAGES);
  }

  @Test
  void areWholeForARun() {
    leaveVacant(UNITS);
    long pages = (UNITS / 2) * (long) Tiers.UNIT_PAGES - 1;
    assertThat(allocator.runs().tryAllocate(PageRequest.ofPages(pages)))
        .isNotEqualTo(BuddyAllocator.NO_PAGES);
  }

  @Test
  void giveTheirMemoryBack() {
    leaveVacant(32);
    assertThat(allocator.trim()).isEqualTo(31 * UNIT_BYTES);
    assertThat(vacantUnits()).isEmpty();
  }

  @Test
  void areWholeInTheFigures() {
    allocator.freePages(leaveVacant(32));
    allocator.stats();
    assertThat(vacantUnits()).hasSizeLessThan(3);
    allocator.drain();
    assertThat(vacantUnits()).isEmpty();
    assertThat(allocator.stats().largestFreeOrder()).isEqualTo(UNIT + 7);
  }
}
