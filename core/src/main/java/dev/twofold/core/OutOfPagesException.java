package dev.twofold.core;

/**
 * Thrown when no free block, or no free pages side by side, can serve a request. The request
 * changed nothing; it can succeed after blocks were freed.
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
    this(
        "no free block of order %d (%d bytes)".formatted(order, stats.pageSizeBytes() << order),
        order,
        stats);
  }

  OutOfPagesException(String refusal, long pageCount, AllocatorStats stats) {
    this(refusal, Orders.holding(pageCount), stats);
  }

  private OutOfPagesException(String refusal, int order, AllocatorStats stats) {
    super(message(refusal, stats));
    this.order = order;
    this.pagesFree = stats.pagesFree();
    this.largestFreeOrder = stats.largestFreeOrder();
  }

  /**
   * Returns the order that was asked for, or the order of a block that would hold the run.
   *
   * @return 0 to {@link BuddyAllocator#MAX_ORDER}; more for a run that no block would hold
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

  private static String message(String refusal, AllocatorStats stats) {
    String largest =
        stats.largestFreeOrder() < 0
            ? "none is left"
            : "the largest free block is of order " + stats.largestFreeOrder();
    return "%s: %d of %d pages are free, %s"
        .formatted(refusal, stats.pagesFree(), stats.pagesTotal(), largest);
  }
}
