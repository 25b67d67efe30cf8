package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;

/** Something to do with an allocator, prepared for certain settings. */
interface Workload {

  /**
   * Does it once: begins with an allocator all of whose pages are free, and frees all at the end.
   */
  Outcome run(BuddyAllocator allocator) throws BenchException;
}
