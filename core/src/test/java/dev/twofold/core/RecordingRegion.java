package dev.twofold.core;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A range of 4 KiB pages without memory that writes down what it is asked to give back, in units of
 * 2 MiB counted from address 0. Safe for use by any thread.
 */
final class RecordingRegion implements Region {

  static final long UNIT_PAGES = Tiers.UNIT_PAGES;
  static final long UNIT_BYTES = UNIT_PAGES * Fixtures.PAGE_BYTES;

  /** What the region does when it is asked, instead of saying yes. */
  interface Answer {
    boolean decommit(long address, long sizeBytes);
  }

  private final long firstPage;
  private final long pageCount;
  private final List<String> calls = new ArrayList<>();
  private Answer answer = (address, sizeBytes) -> true;

  RecordingRegion(long firstPage, long pageCount) {
    this.firstPage = firstPage;
    this.pageCount = pageCount;
  }

  static RecordingRegion ofUnits(int count) {
    return new RecordingRegion(0, count * UNIT_PAGES);
  }

  /** Returns the unit that an address lies in, of a region that starts at 0. */
  static int unitOf(long address) {
    return (int) (address / UNIT_BYTES);
  }

  synchronized void answer(Answer newAnswer) {
    answer = newAnswer;
  }

  /** Returns the calls since this was asked last, each as "first unit+count" in their order. */
  synchronized List<String> calls() {
    List<String> all = List.copyOf(calls);
    calls.clear();
    return all;
  }

  @Override
  public boolean decommit(long address, long sizeBytes) {
    Answer how;
    synchronized (this) {
      calls.add("%d+%d".formatted(address / UNIT_BYTES, sizeBytes / UNIT_BYTES));
      how = answer;
    }
    return how.decommit(address, sizeBytes);
  }

  @Override
  public boolean startsZeroed() {
    return true;
  }

  @Override
  public long address() {
    return firstPage * Fixtures.PAGE_BYTES;
  }

  @Override
  public long sizeBytes() {
    return pageCount * Fixtures.PAGE_BYTES;
  }

  @Override
  public Optional<MemorySegment> memory() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
