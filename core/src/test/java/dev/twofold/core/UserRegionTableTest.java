package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regions that a user implements: what they claim is checked, and all of them are closed. */
class UserRegionTableTest {

  @ParameterizedTest
  @CsvSource({
    "-8192, 4096",
    "-1, 1",
    "0, 0",
    "4096, -4096",
    "9223372036854771712, 8192",
    "1, 9223372036854775807"
  })
  void placesThatAreNone(long address, long sizeBytes) {
    assertRefused(
        new UserRegion(address, sizeBytes, Optional.empty()), "does not lie between 0 and 2^63");
  }

  @Test
  void memoryThatIsNotBehindTheRegion() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(8192, 4096);
      long address = memory.address();
      String message = "has a memory segment of another place or size";
      assertRefused(new UserRegion(address, 16384, Optional.of(memory)), message);
      assertRefused(new UserRegion(address, 4096, Optional.of(memory)), message);
      assertRefused(new UserRegion(address + 4096, 8192, Optional.of(memory)), message);
      MemorySegment heap = MemorySegment.ofArray(new byte[8192]);
      assertRefused(new UserRegion(0, 8192, Optional.of(heap)), message);
    }
  }

  @Test
  void memoryThatIsClosedOrConfined() {
    Region closed = Regions.anonymous(8192);
    closed.close();
    assertRefused(closed, "is closed");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8192, 4096);
      assertRefused(new UserRegion(memory.address(), 8192, Optional.of(memory)), "is confined");
    }
  }

  @Test
  void noRegionAtAll() {
    @SuppressWarnings("NullAway") // What a caller without the check would do.
    Runnable addNull = () -> BuddyAllocator.builder().region(null);
    assertThatThrownBy(addNull::run).isInstanceOf(NullPointerException.class).hasMessage("region");
  }

  @Test
  void allAreClosedEvenIfTheFirstRefuses() {
    UserRegion first = new UserRegion(0, 4096, Optional.empty());
    UserRegion second = new UserRegion(8192, 4096, Optional.empty());
    UserRegion third = new UserRegion(16384, 4096, Optional.empty());
    first.failure = Optional.of(new IllegalStateException("first"));
    second.failure = Optional.of(new IllegalStateException("second"));
    BuddyAllocator allocator =
        BuddyAllocator.builder().region(third).region(first).region(second).build();
    assertThatThrownBy(allocator::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("first")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .hasToString("java.lang.IllegalStateException: second"));
    assertThat(third.closes).isEqualTo(1);
    first.failure = Optional.empty();
    assertThatThrownBy(allocator::close).hasMessage("second");
    second.failure = Optional.empty();
    allocator.close();
    allocator.close();
    assertThat(List.of(first.closes, second.closes, third.closes)).containsExactly(2, 3, 1);
  }

  private static void assertRefused(Region region, String message) {
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(region);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
