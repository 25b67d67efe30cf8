package dev.twofold.bench;

import dev.twofold.core.BuddyAllocator;

/** Twofold by addresses, with an allocator confined to the thread that opens the source. */
final class TwofoldConfinedSource extends TwofoldSource {

  private final BuddyAllocator allocator;

  TwofoldConfinedSource(int slotCount) {
    this(described(1).confined().build(), slotCount);
  }

  private TwofoldConfinedSource(BuddyAllocator allocator, int slotCount) {
    super(allocator, slotCount);
    this.allocator = allocator;
  }

  @Override
  public void close() {
    allocator.close();
  }
}
