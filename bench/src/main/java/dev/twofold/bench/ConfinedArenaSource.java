package dev.twofold.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The JDK's own: a confined arena for every block, closed to free it. */
final class ConfinedArenaSource implements PageSource {

  private final Arena[] arenas;
  private final MemorySegment[] blocks;

  ConfinedArenaSource(int slotCount) {
    arenas = new Arena[slotCount];
    blocks = new MemorySegment[slotCount];
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // The slot owns the arena; free closes it.
  public void allocate(int slot, int order) {
    Arena arena = Arena.ofConfined();
    arenas[slot] = arena;
    blocks[slot] = arena.allocate(PAGE_BYTES << order);
  }

  @Override
  public void free(int slot) {
    arenas[slot].close();
  }

  @Override
  public long address(int slot) {
    return blocks[slot].address();
  }

  @Override
  public void close() {}
}
