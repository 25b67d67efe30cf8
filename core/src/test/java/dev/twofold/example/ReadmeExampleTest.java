package dev.twofold.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Regions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
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

      MemorySegment buffer = allocator.allocate(100_000, 4096); // any size: a SegmentAllocator
      buffer.fill((byte) 0); // blocks are not zeroed
      allocator.free(buffer);

      System.out.println(allocator.stats().freeBlocks()); // free blocks of each order
    } // gives the memory back
    // example:end
  }

  @Test
  void isWhatTheReadmeShows() throws IOException {
    String readme = Files.readString(README);
    int start = readme.indexOf("```java\n") + "```java\n".length();
    List<String> shown = readme.substring(start, readme.indexOf("```", start)).lines().toList();

    List<String> lines = Files.readAllLines(SOURCE);
    int begin = indexOf(lines, "// example:begin");
    int end = indexOf(lines, "// example:end");
    List<String> compiled =
        lines.subList(begin + 1, end).stream().map(line -> line.replaceFirst("^ {4}", "")).toList();

    assertThat(shown).isEqualTo(compiled);
  }

  private static int indexOf(List<String> lines, String text) {
    return lines.stream().map(String::strip).toList().indexOf(text);
  }
}
