package dev.twofold.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Anonymous memory; {@link Regions#anonymous} tells its contract. */
final class AnonymousRegion implements Region {

  /** 64 TiB: half of what a process can address on x86-64, as alignment may take twice the size. */
  private static final long MAX_SIZE_BYTES = 1L << 46;

  /** The largest block of 4 KiB pages: more alignment than that would serve none of them. */
  private static final long MAX_ALIGNMENT_BYTES = 1L << 30;

  private final Arena arena;
  private final MemorySegment memory;

  private AnonymousRegion(Arena arena, MemorySegment memory) {
    this.arena = arena;
    this.memory = memory;
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
      MemorySegment memory =
          AnonymousMapping.isSupported()
              ? AnonymousMapping.map(sizeBytes, alignmentBytes, arena)
              : arena.allocate(sizeBytes, alignmentBytes);
      return new AnonymousRegion(arena, memory);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public long address() {
    return memory.address();
  }

  @Override
  public long sizeBytes() {
    return memory.byteSize();
  }

  @Override
  public Optional<MemorySegment> memory() {
    return Optional.of(memory);
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  @Override
  public String toString() {
    return "AnonymousRegion[address=0x%x, sizeBytes=%d]".formatted(address(), sizeBytes());
  }
}
