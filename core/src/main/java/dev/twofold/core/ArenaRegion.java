package dev.twofold.core;

import dev.twofold.core.SystemMemory.RefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Memory that stands in an arena of its own: closing the arena gives it back. Parts of it can be
 * given back before.
 */
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

  /** Gives back a part that lies in the region, which stays open meanwhile. */
  abstract void giveBack(long address, long sizeBytes) throws RefusedException;

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the part does not lie in the region
   * @throws IllegalStateException if the region is closed
   */
  @Override
  public final synchronized boolean decommit(long address, long sizeBytes) {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("the region is closed");
    }
    try {
      Objects.checkFromIndexSize(address - address(), sizeBytes, sizeBytes());
      giveBack(address, sizeBytes);
      return true;
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "%d bytes at 0x%x do not lie in the region".formatted(sizeBytes, address), e);
    } catch (RefusedException e) {
      return false;
    }
  }

  @Override
  public final synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
