package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A bare range of addresses; {@link Regions#addressRange} tells its contract. */
record AddressRange(long address, long sizeBytes) implements Region {

  AddressRange {
    if (address < 0) {
      throw new IllegalArgumentException("address %d of a range is negative".formatted(address));
    }
    if (sizeBytes < 1 || sizeBytes > Long.MAX_VALUE - address) {
      throw new IllegalArgumentException(
          "size of a range at address %d must be 1 to %d bytes, not %d"
              .formatted(address, Long.MAX_VALUE - address, sizeBytes));
    }
  }

  @Override
  public Optional<MemorySegment> memory() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
