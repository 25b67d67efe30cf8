package dev.twofold.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that stands in an arena of its own: closing the arena gives it back. */
abstract class ArenaRegion extends MemoryRegion {

  private final Arena arena;

  /**
   * Takes over an arena.
   *
   * @param arena a shared arena that nothing else uses
   * @param memory a segment of that arena
   */
  ArenaRegion(Arena arena, MemorySegment memory) {
    super(memory);
    this.arena = arena;
  }

  @Override
  public final synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
