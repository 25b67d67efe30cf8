package dev.twofold.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Memory that stands in an arena of its own: closing the arena gives it back. */
abstract class ArenaRegion implements Region {

  private final Arena arena;
  private final MemorySegment memory;

  /**
   * Takes over an arena.
   *
   * @param arena a shared arena that nothing else uses
   * @param memory a segment of that arena
   */
  ArenaRegion(Arena arena, MemorySegment memory) {
    this.arena = arena;
    this.memory = memory;
  }

  @Override
  public final long address() {
    return memory.address();
  }

  @Override
  public final long sizeBytes() {
    return memory.byteSize();
  }

  @Override
  public final Optional<MemorySegment> memory() {
    return Optional.of(memory);
  }

  @Override
  public final synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
