package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A region that a user implements: what it says and whether it closes is up to the test. */
final class UserRegion implements Region {

  private final long address;
  private final long sizeBytes;
  private final Optional<MemorySegment> memory;

  /** What closing throws, and how often it was tried. */
  Optional<RuntimeException> failure = Optional.empty();

  int closes;

  /** A bare range of 4 KiB pages. */
  static UserRegion pages(long firstPage, long pageCount) {
    return new UserRegion(
        firstPage * Fixtures.PAGE_BYTES, pageCount * Fixtures.PAGE_BYTES, Optional.empty());
  }

  UserRegion(long address, long sizeBytes, Optional<MemorySegment> memory) {
    this.address = address;
    this.sizeBytes = sizeBytes;
    this.memory = memory;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public Optional<MemorySegment> memory() {
    return memory;
  }

  @Override
  public void close() {
    closes++;
    failure.ifPresent(
        e -> {
          throw e;
        });
  }
}
