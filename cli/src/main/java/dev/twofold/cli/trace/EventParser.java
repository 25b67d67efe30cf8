package dev.twofold.cli.trace;

import dev.twofold.core.BuddyAllocator;

/**
 * Reads one line of the text of {@code perf script} or of the kernel's own trace.
 *
 * <p>Of an event's fields {@code pfn} and {@code order} are read; they may stand anywhere among
 * others. {@code page} is read to tell an allocation that failed from one of the frame 0.
 *
 * <p>There is one parser for each file, as its lines tell something about each other. Kernels end
 * an allocation with {@code gfp_flags}: where some allocations have them, one that lacks them was
 * cut off, and perhaps in the digits of its order. Where none has them somebody chose the fields.
 */
final class EventParser {

  /** What {@link #parse} returns for a line that is none of the two events. */
  static final long SKIPPED = -1;

  /** What {@link #parse} returns for an allocation that failed where it was recorded. */
  static final long FAILED_ALLOCATION = -2;

  private static final String PAGE = "page=";
  private static final String PFN = "pfn=";
  private static final String ORDER = "order=";

  private static final String FLAGS = "gfp_flags=";

  private boolean someHaveFlags;
  private boolean someLackFlags;
  private int cpu = CpuField.UNKNOWN;

  /**
   * Reads a line.
   *
   * @param line without its end
   * @param terminated whether the line had an end
   * @return a {@link PackedEvent}, {@link #SKIPPED} or {@link #FAILED_ALLOCATION}
   * @throws MalformedLineException if the line is an event that can't be read
   */
  long parse(String line, boolean terminated) throws MalformedLineException {
    EventHeader header = EventHeader.find(line, terminated);
    if (header == EventHeader.OTHER) {
      return SKIPPED;
    }
    cpu = CpuField.before(line, header.fieldsStart());
    EventFields fields = EventFields.of(line, header.fieldsStart());
    long frame = frame(fields);
    int order = order(fields);
    if (frame + (1L << order) > PackedEvent.FRAME_LIMIT) {
      throw new MalformedLineException("pfn and order reach beyond the largest page frame, 2^52");
    }
    if (!terminated) {
      fields.refuseOpenEnd(ORDER);
    }
    if (!header.isAllocation()) {
      return PackedEvent.free(frame, order);
    }
    refuseMixedFlags(fields);
    if (frame == 0 && isNull(fields.value(PAGE))) {
      return FAILED_ALLOCATION;
    }
    return PackedEvent.allocation(frame, order);
  }

  /** Returns the CPU that the last event was recorded on. */
  int cpu() {
    return cpu;
  }

  private void refuseMixedFlags(EventFields fields) throws MalformedLineException {
    boolean hasFlags = !fields.value(FLAGS).isEmpty();
    someHaveFlags |= hasFlags;
    someLackFlags |= !hasFlags;
    if (someHaveFlags && someLackFlags) {
      throw new MalformedLineException(
          hasFlags
              ? "the event has gfp_flags=, which an allocation before it lacks as if cut off"
              : "the event has no gfp_flags=, unlike those before it, so it is cut off");
    }
  }

  private static long frame(EventFields fields) throws MalformedLineException {
    String text = fields.require(PFN);
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    long frame = number(text, hex ? 2 : 0, hex ? 16 : 10);
    if (frame < 0 || frame >= PackedEvent.FRAME_LIMIT) {
      throw new MalformedLineException("pfn=%s is not a page frame number".formatted(text));
    }
    return frame;
  }

  private static int order(EventFields fields) throws MalformedLineException {
    String text = fields.require(ORDER);
    long order = number(text, 0, 10);
    if (order < 0 || order > BuddyAllocator.MAX_ORDER) {
      throw new MalformedLineException(
          "order=%s is not an order from 0 to %d".formatted(text, BuddyAllocator.MAX_ORDER));
    }
    return (int) order;
  }

  /** Returns -1 for what is not a number, or not one of 63 bits. */
  private static long number(String text, int start, int radix) {
    if (start == text.length() || Character.digit(text.charAt(start), radix) < 0) {
      return -1;
    }
    try {
      return Long.parseLong(text, start, text.length(), radix);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Whether a pointer is null, in any of the ways in which kernels and perf print it. */
  private static boolean isNull(String pointer) {
    String digits = pointer.startsWith("0x") ? pointer.substring(2) : pointer;
    return switch (pointer) {
      case "", "(nil)", "(null)", "nil", "null", "NULL" -> true;
      default -> digits.chars().allMatch(c -> c == '0');
    };
  }
}
