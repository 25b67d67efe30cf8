package dev.twofold.core;

import java.lang.foreign.MemorySegment;

/** Memory that belongs to the caller; {@link Regions#segment} tells its contract. */
final class SegmentRegion extends MemoryRegion {

  SegmentRegion(MemorySegment memory) {
    super(memory);
    refuse(!memory.isNative(), "lies on the heap; allocate it from an Arena");
    refuse(memory.isReadOnly(), "is read-only; give the one that it is a view of");
    refuse(!memory.scope().isAlive(), "is closed; its arena must stay open");
    refuse(
        !memory.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {})),
        "is confined to a thread; allocate it from a shared, automatic or global Arena");
    refuse(memory.byteSize() == 0, "is empty; give one of a page at least");
  }

  private static void refuse(boolean wrong, String why) {
    if (wrong) {
      throw new IllegalArgumentException("the segment " + why);
    }
  }

  /** Does nothing: the memory is the caller's. */
  @Override
  public void close() {}

  @Override
  public String toString() {
    return "SegmentRegion[address=0x%x, sizeBytes=%d]".formatted(address(), sizeBytes());
  }
}
