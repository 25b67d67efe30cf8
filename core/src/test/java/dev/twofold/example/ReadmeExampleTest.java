package dev.twofold.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.core.AnonymousOptions;
import dev.twofold.core.AnonymousOptions.Wish;
import dev.twofold.core.AnonymousRegion;
import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.PageRequest;
import dev.twofold.core.Region;
import dev.twofold.core.Regions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the README: compiled and run here, and compared with the README's text. */
class ReadmeExampleTest {

  private static final Path README = Path.of("..", "README.md");
  private static final Path SOURCE =
      Path.of("src", "test", "java", "dev", "twofold", "example", "ReadmeExampleTest.java");

  @Test
  void runs() {
    // example:begin
    try (var allocator = BuddyAllocator.builder().region(Regions.anonymous(1L << 30)).build()) {
      long address = allocator.allocatePages(3); // 2^3 pages of 4 KiB: 32 KiB, aligned to 32 KiB
      MemorySegment block = allocator.segment(address);
      block.set(ValueLayout.JAVA_LONG, 0, 42);
      allocator.freePages(address); // the order is found from the address

      MemorySegment buffer = allocator.allocate(100_000, 4096); // 25 pages: a SegmentAllocator
      buffer.fill((byte) 0); // blocks are not zeroed
      allocator.free(buffer);

      System.out.println(allocator.stats().freeBlocks()); // free blocks of each order
    } // gives the memory back
    // example:end
  }

  @Test
  void optionsRunOrAreRefusedInASentence() {
    try {
      options();
    } catch (UnsupportedOperationException e) {
      assertThat(e).hasMessageStartingWith("locked is refused: ");
    }
  }

  private static void options() {
    // example:begin
    AnonymousOptions options =
        AnonymousOptions.NONE
            .withTransparentHugePages(Wish.IF_POSSIBLE)
            .withLocked(Wish.REQUIRED); // an UnsupportedOperationException if the system refuses
    try (AnonymousRegion region = Regions.anonymous(1L << 20, options)) {
      System.out.println(region.granted()); // what it got of the options
      System.out.println(region.refusals()); // a sentence for each that the system refused
    }
    // example:end
  }

  @Test
  void exactSizesAndMany() {
    // example:begin
    try (var allocator = BuddyAllocator.builder().region(Regions.anonymous(1L << 30)).build()) {
      PageRequest fromTheTop = PageRequest.ofPages(17).topDown(); // can be used again and again
      long run = allocator.runs().allocate(fromTheTop); // 68 KiB cost 68 KiB
      if (allocator.runs().resize(run, 20)) { // if the pages behind it are free
        System.out.println(allocator.runs().pageCountAt(run));
      }
      allocator.freePages(run); // like a block
      System.out.println(allocator.runs().tryAllocate(PageRequest.ofPages(3).at(run)) == run);

      long[] blocks = new long[512];
      int count = allocator.batches().allocate(0, blocks, 0, blocks.length);
      allocator.batches().free(blocks, 0, count);
      long[] scattered = allocator.batches().allocateScattered(1_000); // in as few runs as possible
      System.out.println(scattered.length);
    }
    // example:end
  }

  @Test
  void givesMemoryBack() {
    // example:begin
    try (var allocator =
        BuddyAllocator.builder()
            .region(Regions.anonymous(1L << 30))
            .decay(Duration.ofSeconds(10)) // what nobody needs for so long goes back to the system
            .build()) {
      MemorySegment zeroes = allocator.zeroed().allocate(1 << 20, 4096); // cleared where dirty
      allocator.free(zeroes);
      allocator.trim(); // all that is free goes back now, in blocks of 2 MiB and larger
      System.out.println(allocator.stats().memory().committedBytes());

      Region more = Regions.anonymous(1L << 26);
      allocator.regions().add(more);
      allocator.regions().offline(more); // no new blocks; evacuation(more) completes in the end
      allocator.regions().remove(more);
    }
    // example:end
  }

  @Test
  void isWhatTheReadmeShows() throws IOException {
    List<String> shown = new ArrayList<>();
    List<String> compiled = new ArrayList<>();
    collect(README, "```java", "```", "", shown);
    collect(SOURCE, "// example:begin", "// example:end", "    ", compiled);
    assertThat(shown).hasSizeGreaterThan(12).isEqualTo(compiled);
  }

  /** Adds the lines between each begin and the next end, without the indent. */
  private static void collect(
      Path file, String begin, String end, String indent, List<String> examples)
      throws IOException {
    boolean inside = false;
    for (String line : Files.readAllLines(file)) {
      if (line.strip().equals(end)) {
        inside = false;
      } else if (inside) {
        examples.add(line.startsWith(indent) ? line.substring(indent.length()) : line);
      } else {
        inside = line.strip().equals(begin);
      }
    }
  }
}
