package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A range of addresses that is memory: a native segment. */
abstract class MemoryRegion implements Region {

  private final MemorySegment memory;

  /** Stands for the whole segment. */
  MemoryRegion(MemorySegment memory) {
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
}
