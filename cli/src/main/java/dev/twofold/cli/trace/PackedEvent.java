package dev.twofold.cli.trace;

/**
 * One event of a recording, packed into a {@code long} that is not negative.
 *
 * <pre>
 *   bit  63..58   57      56..52   51..0
 *        zero     free?   order    first page frame
 * </pre>
 */
public final class PackedEvent {

  /** One more than the largest page frame number: 2^52 frames of 4 KiB fill 64-bit addresses. */
  static final long FRAME_LIMIT = 1L << 52;

  private static final int ORDER_SHIFT = 52;
  private static final int ORDER_MASK = 31;
  private static final long FREE = 1L << 57;

  private PackedEvent() {}

  static long allocation(long frame, int order) {
    return (long) order << ORDER_SHIFT | frame;
  }

  static long free(long frame, int order) {
    return FREE | allocation(frame, order);
  }

  /**
   * Returns whether an event is an allocation; otherwise it is a free.
   *
   * @param event a packed event
   * @return true for an allocation
   */
  public static boolean isAllocation(long event) {
    return (event & FREE) == 0;
  }

  /**
   * Returns the first of the page frames that an event is about.
   *
   * @param event a packed event
   * @return a page frame number below 2^52
   */
  public static long frame(long event) {
    return event & (FRAME_LIMIT - 1);
  }

  /**
   * Returns the order of an event: it is about 2^order page frames.
   *
   * @param event a packed event
   * @return an order from 0 to {@link dev.twofold.core.BuddyAllocator#MAX_ORDER}
   */
  public static int order(long event) {
    return (int) (event >>> ORDER_SHIFT) & ORDER_MASK;
  }
}
