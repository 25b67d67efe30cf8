package dev.twofold.cli.trace;

import java.util.ArrayList;
import java.util.List;

/** What a page allocator was asked for, event by event, and on which CPU. Immutable. */
public final class Recording {

  private static final int CHUNK_SHIFT = 16;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

  private final List<long[]> chunks;
  private final List<char[]> cpuChunks;
  private final long events;
  private final long allocations;
  private final long skippedLines;
  private final long failedInRecording;

  private Recording(Builder builder) {
    chunks = List.copyOf(builder.chunks);
    cpuChunks = List.copyOf(builder.cpuChunks);
    events = builder.events;
    allocations = builder.allocations;
    skippedLines = builder.skippedLines;
    failedInRecording = builder.failedInRecording;
  }

  /**
   * Returns the number of events.
   *
   * @return at least 1
   */
  public long events() {
    return events;
  }

  /**
   * Returns an event.
   *
   * @param index from 0 to {@link #events()} - 1
   * @return the event, for the functions of {@link PackedEvent}
   */
  public long event(long index) {
    return chunks.get((int) (index >>> CHUNK_SHIFT))[(int) index & CHUNK_MASK];
  }

  /**
   * Returns the CPU that an event was recorded on.
   *
   * @param index from 0 to {@link #events()} - 1
   * @return the CPU's number, at least 0; 0 too if the recording does not tell
   */
  public int cpu(long index) {
    return cpuChunks.get((int) (index >>> CHUNK_SHIFT))[(int) index & CHUNK_MASK];
  }

  /**
   * Returns how many of the events are allocations.
   *
   * @return at least 0
   */
  public long allocations() {
    return allocations;
  }

  /**
   * Returns the number of lines that are no events: other events, comments, blank lines, and the
   * allocations that {@link #failedInRecording()} counts.
   *
   * @return at least 0
   */
  public long skippedLines() {
    return skippedLines;
  }

  /**
   * Returns the number of allocations that had already failed where they were recorded.
   *
   * @return at least 0 and at most {@link #skippedLines()}
   */
  public long failedInRecording() {
    return failedInRecording;
  }

  /** Collects a recording line by line. */
  static final class Builder {

    private final List<long[]> chunks = new ArrayList<>();
    private final List<char[]> cpuChunks = new ArrayList<>();
    private long events;
    private long allocations;
    private long skippedLines;
    private long failedInRecording;

    /** Adds what {@link EventParser#parse} returned, and the CPU of an event. */
    void add(long parsed, int cpu) {
      if (parsed == EventParser.SKIPPED) {
        skippedLines++;
      } else if (parsed == EventParser.FAILED_ALLOCATION) {
        skippedLines++;
        failedInRecording++;
      } else {
        addEvent(parsed, cpu);
      }
    }

    long events() {
      return events;
    }

    Recording build() {
      return new Recording(this);
    }

    private void addEvent(long event, int cpu) {
      int slot = (int) events & CHUNK_MASK;
      if (slot == 0) {
        chunks.add(new long[CHUNK_MASK + 1]);
        cpuChunks.add(new char[CHUNK_MASK + 1]);
      }
      chunks.getLast()[slot] = event;
      cpuChunks.getLast()[slot] = (char) cpu;
      events++;
      if (PackedEvent.isAllocation(event)) {
        allocations++;
      }
    }
  }
}
