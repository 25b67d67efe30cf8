package dev.twofold.core;

/**
 * Thrown when no free block is large enough for a request. The request changed nothing; it can
 * succeed after blocks were freed.
 */
public final class OutOfPagesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The order that was asked for. */
  private final int order;

  /** Free pages just after the refusal. */
  private final long pagesFree;

  /** The largest order that could be served just after the refusal, or -1. */
  private final int largestFreeOrder;

  OutOfPagesException(int order, AllocatorStats stats) {
    super(message(order, stats));
    this.order = order;
    this.pagesFree = stats.pagesFree();
    this.largestFreeOrder = stats.largestFreeOrder();
  }

  /**
   * Returns the order that was asked for.
   *
   * @return 0 to {@link BuddyAllocator#MAX_ORDER}
   */
  public int order() {
    return order;
  }

  /**
   * Returns how many pages were free just after the refusal: if they are many, the free memory is
   * fragmented, or other threads freed some in the meantime.
   *
   * @return a number of pages, at least 0
   */
  public long pagesFree() {
    return pagesFree;
  }

  /**
   * Returns the largest order that could be served just after the refusal.
   *
   * @return an order, or -1 if no page was free
   */
  public int largestFreeOrder() {
    return largestFreeOrder;
  }

  private static String message(int order, AllocatorStats stats) {
    String largest =
        stats.largestFreeOrder() < 0
            ? "none is left"
            : "the largest free block is of order " + stats.largestFreeOrder();
    return "no free block of order %d (%d bytes): %d of %d pages are free, %s"
        .formatted(
            order, stats.pageSizeBytes() << order, stats.pagesFree(), stats.pagesTotal(), largest);
  }
}
