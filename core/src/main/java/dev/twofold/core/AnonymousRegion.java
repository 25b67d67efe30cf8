package dev.twofold.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Private anonymous memory: through system calls on Linux and macOS, elsewhere through the JDK.
 * {@link Regions#anonymous} tells its contract.
 */
final class AnonymousRegion extends ArenaRegion {

  /** 64 TiB: half of what a process can address on x86-64, as alignment may take twice the size. */
  private static final long MAX_SIZE_BYTES = 1L << 46;

  /** The largest block of 4 KiB pages: more alignment than that would serve none of them. */
  private static final long MAX_ALIGNMENT_BYTES = 1L << 30;

  private AnonymousRegion(Arena arena, MemorySegment memory) {
    super(arena, memory);
  }

  static AnonymousRegion reserve(long sizeBytes) {
    if (sizeBytes < 1 || sizeBytes > MAX_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "size of anonymous memory must be 1 to %d bytes, not %d"
              .formatted(MAX_SIZE_BYTES, sizeBytes));
    }
    long alignmentBytes = Math.min(Long.highestOneBit(sizeBytes), MAX_ALIGNMENT_BYTES);
    Arena arena = Arena.ofShared();
    try {
      return new AnonymousRegion(arena, map(sizeBytes, alignmentBytes, arena));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment map(long sizeBytes, long alignmentBytes, Arena arena) {
    if (!SystemMemory.isKnown()) {
      return arena.allocate(sizeBytes, alignmentBytes);
    }
    try {
      return SystemMemory.map(sizeBytes, alignmentBytes, arena);
    } catch (SystemMemory.RefusedException e) {
      throw new OutOfMemoryError(
          "the system refused to reserve %d bytes of anonymous memory (%s)"
              .formatted(sizeBytes, e.getMessage()));
    }
  }

  @Override
  public String toString() {
    return "AnonymousRegion[address=0x%x, sizeBytes=%d]".formatted(address(), sizeBytes());
  }
}
