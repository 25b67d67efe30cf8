package dev.twofold.bench;

import dev.twofold.core.BuddyAllocator;
import dev.twofold.core.Region;
import dev.twofold.core.Regions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The allocators of which is measured how their memory goes back, in the order of the table. */
enum MemoryHolder implements Labelled {
  TWOFOLD_DECAY("twofold-decay"),
  TWOFOLD_TRIM("twofold-trim"),
  NETTY_POOLED("netty-pooled"),
  NETTY_ADAPTIVE("netty-adaptive"),
  ARROW("arrow");

  private final String label;

  MemoryHolder(String label) {
    this.label = label;
  }

  /**
   * An allocator at work.
   *
   * @param source gets and frees its blocks
   * @param region the addresses all of its memory lies at, if these are known
   * @param trim gives back what can be given back, where the user is to ask for that
   * @param closer closes what is not the source's
   */
  record Open(PageSource source, Optional<Region> region, Runnable trim, Runnable closer)
      implements AutoCloseable {

    @Override
    public void close() {
      source.close();
      closer.run();
    }
  }

  /** Returns the allocator of that name; throws an IllegalArgumentException if there is none. */
  static MemoryHolder named(String label) {
    return Labelled.named(label, values());
  }

  /** Returns the names of all. */
  static List<String> labels() {
    return Labelled.labels(values());
  }

  @Override
  public String label() {
    return label;
  }

  /** Opens the allocator with room for so much, and as many slots as there will be blocks. */
  Open open(long sizeBytes, int slotCount, Duration decay) {
    if (this == TWOFOLD_DECAY || this == TWOFOLD_TRIM) {
      return openTwofold(sizeBytes, slotCount, decay);
    }
    PageHeap heap = Peer.named(label).open(1);
    return new Open(heap.source(slotCount), Optional.empty(), () -> {}, heap::close);
  }

  private Open openTwofold(long sizeBytes, int slotCount, Duration decay) {
    Region region = Regions.anonymous(sizeBytes);
    BuddyAllocator.Builder builder = BuddyAllocator.builder().region(region);
    BuddyAllocator allocator = (this == TWOFOLD_DECAY ? builder.decay(decay) : builder).build();
    return new Open(
        new TwofoldSource(allocator, slotCount),
        Optional.of(region),
        this == TWOFOLD_TRIM ? allocator::trim : () -> {},
        allocator::close);
  }
}
