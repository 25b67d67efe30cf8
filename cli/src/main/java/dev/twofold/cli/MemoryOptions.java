package dev.twofold.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What memory a replay runs in. */
final class MemoryOptions {

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "Memory to serve the recording from, like 512M or 2GiB; may be given several times, for"
              + " one region each. Unless given: 2,097,152 pages, which is 8 GiB of 4 KiB pages and"
              + " enough for the recordings that come with Twofold. Memory costs nothing until it"
              + " is touched.")
  private List<Long> sizes = new ArrayList<>();

  @Option(
      names = "--page-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "4K",
      description =
          "Size of a page, a power of two; each page frame of the recording becomes one page."
              + " Default: ${DEFAULT-VALUE}.")
  private long pageSize;

  @Option(
      names = "--region",
      paramLabel = "KIND",
      converter = RegionKind.Converter.class,
      description =
          "Where the pages come from: anonymous, which is memory of the process and the default;"
              + " file:PATH, a file that is created, mapped and kept, unless its file system fills up"
              + " meanwhile; or range, which is addresses without memory, so that nothing is"
              + " touched.")
  private RegionKind region = RegionKind.ANONYMOUS;

  @Option(
      names = "--huge-pages",
      description = "Have Linux back anonymous memory with transparent huge pages.")
  private boolean hugePages;

  @Option(
      names = "--decay",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Give memory back to the system that was free for so long, like 500ms, 10s or 5m. Unless"
              + " given, it is kept.")
  private Optional<Duration> decay = Optional.empty();

  /** Returns the size of each region in bytes; there are none if none were given. */
  List<Long> sizes() {
    return sizes;
  }

  /** Returns the size of a page in bytes. */
  long pageSize() {
    return pageSize;
  }

  /** Returns where pages come from. */
  RegionKind region() {
    return region;
  }

  /** Returns whether huge pages are asked for. */
  boolean hugePages() {
    return hugePages;
  }

  /** Returns how long free memory is kept, unless for ever. */
  Optional<Duration> decay() {
    return decay;
  }

  /**
   * Checks what can be checked before the recording is read.
   *
   * @throws UsageException if the options contradict each other
   */
  void check() throws UsageException {
    if (Long.bitCount(pageSize) != 1) {
      throw new UsageException("--page-size must be a power of two, not %d.".formatted(pageSize));
    }
    if (hugePages && !region.equals(RegionKind.ANONYMOUS)) {
      throw new UsageException(
          "--huge-pages is for anonymous memory: leave out --region %s.".formatted(region.name()));
    }
    if (decay.isPresent() && !region.hasMemory()) {
      throw new UsageException(
          "--decay is for memory: leave out --region %s.".formatted(region.name()));
    }
    if (region.file().isPresent() && Files.exists(region.file().get(), NOFOLLOW_LINKS)) {
      throw new UsageException(
          "--region %s: there is such a file already; name one that is to be created."
              .formatted(region.name()));
    }
    if (region.file().isPresent() && sizes.size() > 1) {
      throw new UsageException("--region %s takes one --memory.".formatted(region.name()));
    }
  }
}
