package dev.twofold.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Regions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndCheckTest {

  private static final int BLOCKS = 1 << 12;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsNothingAfterAllWasFreed(boolean confined) {
    try (BuddyAllocator allocator = allocator(confined)) {
      EndCheck check = new EndCheck(allocator);
      assertThat(check.run()).isEmpty();
      List<Long> blocks = new ArrayList<>();
      for (int block = 0; block < BLOCKS; block++) {
        blocks.add(allocator.allocatePages(block % 4));
      }
      Collections.shuffle(blocks, new Random(1));
      blocks.forEach(allocator::freePages);
      assertThat(check.run()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsABlockThatIsStillAllocated(boolean confined) {
    try (BuddyAllocator allocator = allocator(confined)) {
      EndCheck check = new EndCheck(allocator);
      long block = allocator.allocatePages(3);
      assertThat(check.run())
          .singleElement()
          .asString()
          .startsWith("After everything was freed the allocator differs from a new one")
          .endsWith(".");
      allocator.freePages(block);
      assertThat(check.run()).isEmpty();
    }
  }

  private static BuddyAllocator allocator(boolean confined) {
    BuddyAllocator.Builder builder =
        BuddyAllocator.builder().region(Regions.addressRange(0, 1L << 30));
    return (confined ? builder.confined() : builder).build();
  }
}
