package dev.twofold.core;

import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions that come and go: who may do it when, what fails, and numbers that are used again. */
class RegionSetMisuseDoorTest {

  private static final long SPAN = 1L << BuddyAllocator.MAX_ORDER;

  private static Map<String, ThrowingCallable> uses(RegionSet regions, Region there, Region other) {
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("add", () -> regions.add(other));
    uses.put("offline", () -> regions.offline(there));
    uses.put("evacuation", () -> regions.evacuation(there));
    uses.put("online", () -> regions.online(there));
    uses.put("remove", () -> regions.remove(there));
    uses.put("list", regions::list);
    return uses;
  }

  private static BuddyAllocator allocator(boolean confined, Region region) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(region);
    return confined ? builder.confined().build() : builder.build();
  }

  @Test
  void regionsOfOthersAreUnknown() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      RegionSet regions = allocator.regions();
      Map<String, ThrowingCallable> uses =
          uses(regions, Fixtures.pages(1, 2), Fixtures.pages(9, 1));
      for (String use : List.of("offline", "evacuation", "online", "remove")) {
        assertThatThrownBy(uses.get(use))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("region of 8192 bytes at 0x1000 is none of this allocator");
      }
    }
  }

  @Test
  void aRegionOnlineIsNotEvacuated() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(1, 2)) {
      assertThatThrownBy(() -> allocator.regions().evacuation(Fixtures.pages(1, 2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("region of 8192 bytes at 0x1000 is online; take it offline first");
    }
  }

  @Test
  void noRegionAtAll() {
    try (BuddyAllocator allocator = Fixtures.allocatorOfPages(0, 8)) {
      @SuppressWarnings("NullAway") // What a caller without the check would do.
      Map<String, ThrowingCallable> uses = uses(allocator.regions(), null, null);
      uses.remove("list");
      uses.forEach(
          (name, use) ->
              assertThatThrownBy(use)
                  .as(name)
                  .isInstanceOf(NullPointerException.class)
                  .hasMessage("region"));
    }
  }

  @Test
  void everyUseAfterCloseIsRefusedAndARegionStaysTheCallers() {
    UserRegion there = UserRegion.pages(0, 8);
    UserRegion other = UserRegion.pages(8, 8);
    BuddyAllocator allocator = Fixtures.allocator(there);
    RegionSet regions = allocator.regions();
    long block = allocator.allocatePages(0);
    CompletableFuture<Void> evacuation = Fixtures.evacuate(allocator, there);
    allocator.close();
    assertThatThrownBy(evacuation::join).hasRootCauseInstanceOf(CancellationException.class);
    uses(regions, there, other)
        .forEach(
            (name, use) ->
                assertThatThrownBy(use)
                    .as(name)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the allocator is closed"));
    assertThatThrownBy(() -> allocator.freePages(block)).hasMessage("the allocator is closed");
    assertThat(there.closes).isOne();
    assertThat(other.closes).isZero();
  }

  @Test
  void whatWasRemovedIsNotClosedAgainAndWhatWasAddedIs() {
    UserRegion first = UserRegion.pages(0, 8);
    UserRegion second = UserRegion.pages(8, 8);
    BuddyAllocator allocator = Fixtures.allocator(first);
    allocator.regions().add(second);
    allocator.regions().remove(first);
    assertThat(List.of(first.closes, second.closes)).containsExactly(1, 0);
    allocator.close();
    assertThat(List.of(first.closes, second.closes)).containsExactly(1, 1);
  }

  /** The region stays as it was, and can be tried again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRegionThatDoesNotCloseIsNotRemoved(boolean online) {
    UserRegion stubborn = UserRegion.pages(0, 8);
    try (BuddyAllocator allocator = Fixtures.allocator(stubborn)) {
      RegionSet regions = allocator.regions();
      if (!online) {
        allocator.regions().offline(stubborn);
      }
      stubborn.failure = Optional.of(new IllegalStateException("busy"));
      assertThatThrownBy(() -> regions.remove(stubborn)).hasMessage("busy");
      assertThat(regions.list()).containsExactly(new RegionStats(stubborn, online, 8, 0));
      assertThat(Fixtures.serves(allocator, 3)).isEqualTo(online);
      allocator.validate();
      stubborn.failure = Optional.empty();
      regions.remove(stubborn);
      assertThat(regions.list()).isEmpty();
      assertThat(stubborn.closes).isEqualTo(2);
    }
  }

  @Test
  void regionsOfAConfinedAllocatorAreItsThreads() {
    try (BuddyAllocator allocator = allocator(true, Fixtures.pages(0, 8))) {
      long digest = allocator.digest();
      uses(allocator.regions(), Fixtures.pages(0, 8), Fixtures.pages(8, 8))
          .forEach(
              (name, use) ->
                  Threads.platform(
                      1,
                      thread ->
                          assertThatThrownBy(use)
                              .as(name)
                              .isExactlyInstanceOf(WrongThreadException.class)));
      assertThat(allocator.digest()).isEqualTo(digest);
    }
  }

  /** The block that was allocated last has ways of its own, freed or not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLastBlockIsNoneOfARegionThatIsOffline(boolean confined) {
    Region away = Fixtures.pages(0, 64);
    try (BuddyAllocator allocator = allocator(confined, away)) {
      RegionSet regions = allocator.regions();
      for (int order = 0; order < 6; order++) {
        allocator.freePages(allocator.allocatePages(order));
        assertThat(Fixtures.evacuate(allocator, away)).isCompleted();
        assertThat(allocator.tryAllocatePages(order)).isEqualTo(BuddyAllocator.NO_PAGES);
        regions.online(away);
        long block = allocator.allocatePages(order);
        CompletableFuture<Void> evacuation = Fixtures.evacuate(allocator, away);
        allocator.freePages(block);
        assertThat(evacuation).isCompleted();
        assertThatThrownBy(() -> allocator.freePages(block)).hasMessageContaining("not allocated");
        assertThat(allocator.tryAllocatePages(order)).isEqualTo(BuddyAllocator.NO_PAGES);
        regions.online(away);
      }
      assertThat(allocator.stats().allocations())
          .isEqualTo(12)
          .isEqualTo(allocator.stats().frees());
      allocator.validate();
      regions.remove(away);
    }
  }

  /**
   * A block freed twice, once after its region is gone and its tree's number and places are those
   * of a block of another region, even in the same span: that one stays.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLateFreeDoesNotMeetAnotherRegion(boolean confined) {
    for (long otherPage : new long[] {8, SPAN, SPAN + 8}) {
      for (int order = 0; order < 4; order++) {
        Region away = Fixtures.pages(0, 8);
        try (BuddyAllocator allocator = allocator(confined, away)) {
          RegionSet regions = allocator.regions();
          long late = allocator.allocatePages(order);
          allocator.freePages(late);
          regions.remove(away);
          regions.add(Fixtures.pages(otherPage, 8));
          assertThatThrownBy(() -> allocator.freePages(late)).hasMessageContaining("in no region");
          List<Long> blocks = Fixtures.allocateAll(allocator, order);
          assertThatThrownBy(() -> allocator.freePages(late)).hasMessageContaining("in no region");
          assertThat(allocator.stats().pagesFree()).isZero();
          Fixtures.freeAll(allocator, blocks);
          assertThatThrownBy(() -> allocator.freePages(late)).hasMessageContaining("in no region");
          allocator.validate();
        }
      }
    }
  }

  /** Small trees after large ones, where hints to the large ones point behind the end. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void numbersAreUsedAgainByTreesOfAnySize(boolean confined) {
    try (BuddyAllocator allocator = allocator(confined, Fixtures.pages(9 * SPAN, 1))) {
      RegionSet regions = allocator.regions();
      int[] sizes = {(int) SPAN, 1, 8, 600, 3, 40_000, 1, 33, (int) SPAN + 1, 2, 5};
      for (int round = 0; round < sizes.length; round++) {
        Region region = Fixtures.pages(SPAN - 1 - round, sizes[round]);
        regions.add(region);
        List<Long> blocks = new ArrayList<>();
        for (int order = BuddyAllocator.MAX_ORDER; order >= 0; order--) {
          blocks.addAll(Fixtures.allocateAll(allocator, order));
        }
        assertThat(allocator.stats().pagesFree()).isZero();
        assertThat(allocator.stats().pagesTotal()).isEqualTo(sizes[round] + 1L);
        Fixtures.freeAll(allocator, blocks);
        for (int order = 0; order <= BuddyAllocator.MAX_ORDER; order++) {
          Fixtures.serves(allocator, order);
        }
        regions.remove(region);
      }
      AsNew.assertAsNew(allocator);
      TreeArray trees = PrivateParts.trees(allocator);
      assertThat(PrivateParts.only(trees, LockedTree[].class)).hasSizeLessThanOrEqualTo(4);
    }
  }

  @Test
  void regionsThatAreEqualAreTheSame() {
    try (BuddyAllocator allocator = Fixtures.allocator(Fixtures.range(0, 8 * PAGE_BYTES))) {
      allocator.regions().remove(Fixtures.range(0, 8 * PAGE_BYTES));
      assertThat(allocator.regions().list()).isEmpty();
    }
  }
}
