package dev.twofold.core;

/**
 * What {@link PageRuns} allocates: how many pages, all side by side, and where. Immutable: each
 * method returns another request that says one thing more; one request can be used again and again.
 *
 * <p>Unless more is said, the pages may start at any page. What contradicts itself is refused where
 * it is said, or, if that depends on the size of a page, by the allocator.
 */
public final class PageRequest {

  private static final long ANYWHERE = -1;

  /** In bytes, or in pages. */
  private final long size;

  private final boolean inBytes;
  private final long alignmentBytes;
  private final long address;
  private final Window window;

  /** What was said last. Benign race: who finds nothing, or another size, says it again. */
  private @Nullable InPages inPages;

  private PageRequest(
      long size, boolean inBytes, long alignmentBytes, long address, Window window) {
    this.size = size;
    this.inBytes = inBytes;
    this.alignmentBytes = alignmentBytes;
    this.address = address;
    this.window = window;
  }

  /**
   * Asks for a number of pages.
   *
   * @param pageCount how many, at least 1; they need not be a power of two nor fit in a block
   * @return a request for so many pages anywhere
   * @throws IllegalArgumentException if {@code pageCount} is less than 1
   */
  public static PageRequest ofPages(long pageCount) {
    if (pageCount < 1) {
      throw new IllegalArgumentException("a run has at least 1 page, not %d".formatted(pageCount));
    }
    return new PageRequest(pageCount, false, 1, ANYWHERE, Window.ALL);
  }

  /**
   * Asks for the pages that hold a number of bytes.
   *
   * @param sizeBytes at least 0, which counts as 1
   * @return a request for as few pages as hold so many bytes, anywhere
   * @throws IllegalArgumentException if {@code sizeBytes} is negative
   */
  public static PageRequest ofBytes(long sizeBytes) {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size must be at least 0 bytes, not " + sizeBytes);
    }
    return new PageRequest(Math.max(1, sizeBytes), true, 1, ANYWHERE, Window.ALL);
  }

  /**
   * Asks for an address that is a multiple of a power of two. It may be larger than the size, and
   * smaller than a page, which says nothing.
   *
   * @param bytes a power of two, up to the size of a block of {@link BuddyAllocator#MAX_ORDER}
   * @return this request with the alignment
   * @throws IllegalArgumentException if {@code bytes} is no power of two
   */
  public PageRequest alignedTo(long bytes) {
    if (bytes < 1 || Long.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("alignment must be a power of two, not " + bytes);
    }
    return new PageRequest(size, inBytes, bytes, address, window).requireAgreeing();
  }

  /**
   * Asks for exactly this address.
   *
   * @param address of the first page, in bytes
   * @return this request with the address
   * @throws IllegalArgumentException if the address is negative, is not aligned as asked for, or
   *     other places were asked for as well
   */
  public PageRequest at(long address) {
    if (address < 0) {
      throw new IllegalArgumentException("address 0x%x is negative".formatted(address));
    }
    return new PageRequest(size, inBytes, alignmentBytes, address, window).requireAgreeing();
  }

  /**
   * Asks for pages that lie within a window of addresses, of which only whole pages count.
   *
   * @param lowAddress the first address, at least 0
   * @param highAddress the address behind the last
   * @return this request with the window instead of any before
   * @throws IllegalArgumentException if the window is empty or starts below 0, or an exact address
   *     was asked for
   */
  public PageRequest within(long lowAddress, long highAddress) {
    if (lowAddress < 0 || lowAddress >= highAddress) {
      throw new IllegalArgumentException(
          "window 0x%x to 0x%x is empty or starts below 0".formatted(lowAddress, highAddress));
    }
    Window narrower = new Window(lowAddress, highAddress, window.topDown);
    return new PageRequest(size, inBytes, alignmentBytes, address, narrower).requireAgreeing();
  }

  /**
   * Asks for the highest place that serves. Without this, it is the lowest if a window leaves out
   * pages of the allocator, and else one that the allocator chooses. Places that cross a multiple
   * of the largest block's size come after all others.
   *
   * @return this request, from the top
   * @throws IllegalArgumentException if an exact address was asked for
   */
  public PageRequest topDown() {
    Window fromTop = new Window(window.lowAddress, window.highAddress, true);
    return new PageRequest(size, inBytes, alignmentBytes, address, fromTop).requireAgreeing();
  }

  /** Returns how many pages are asked for. */
  long pageCount(int pageShift) {
    return inBytes ? ((size - 1) >>> pageShift) + 1 : size;
  }

  /** Returns whether an exact address is asked for. */
  boolean isExact() {
    return address != ANYWHERE;
  }

  /** Returns the exact address. */
  long exactAddress() {
    return address;
  }

  /** Returns whether any place will do that is aligned as asked for. */
  boolean isAnywhere() {
    return address == ANYWHERE && !isWindow() && !window.topDown;
  }

  /** Returns what the number of the first page is to be a multiple of: a power of two. */
  long alignmentPages(int pageShift) {
    return Math.max(1, alignmentBytes >>> pageShift);
  }

  /**
   * Checks what depends on the size of a page.
   *
   * @throws IllegalArgumentException if no allocator of pages of this size could serve it
   */
  void requireServable(int pageShift) {
    long largest = Orders.pages(Orders.MAX_ORDER);
    if (alignmentPages(pageShift) > largest) {
      throw new IllegalArgumentException(
          "alignment must be up to %d bytes (one block of order %d), not %d"
              .formatted(largest << pageShift, Orders.MAX_ORDER, alignmentBytes));
    }
    if (address != ANYWHERE && (address & ((1L << pageShift) - 1)) != 0) {
      throw new IllegalArgumentException(
          "address 0x%x is no multiple of the page size of %d bytes"
              .formatted(address, 1L << pageShift));
    }
    long room = window.pages(pageShift);
    if (pageCount(pageShift) > room) {
      throw new IllegalArgumentException(
          "%s is more than fits: %d pages".formatted(this, Math.max(0, room)));
    }
  }

  /** Says it in page numbers: once, as long as pages are of the same size. */
  RunRequest inPages(int pageShift) {
    InPages known = inPages;
    if (known == null || known.pageShift != pageShift) {
      known = new InPages(pageShift, sayInPages(pageShift));
      inPages = known;
    }
    return known.request;
  }

  private RunRequest sayInPages(int pageShift) {
    requireServable(pageShift);
    return new RunRequest(
        pageCount(pageShift),
        alignmentPages(pageShift),
        window.lowPage(pageShift),
        window.highPage(pageShift),
        window.topDown);
  }

  /**
   * Returns what is asked for, in words.
   *
   * @return for example {@code 17 pages aligned to 65536 bytes from the top}
   */
  @Override
  public String toString() {
    return "%d %s".formatted(size, inBytes ? "bytes" : "pages")
        + (alignmentBytes > 1 ? " aligned to %d bytes".formatted(alignmentBytes) : "")
        + (address != ANYWHERE ? " at 0x%x".formatted(address) : "")
        + (isWindow() ? " within " + window : "")
        + (window.topDown ? " from the top" : "");
  }

  private PageRequest requireAgreeing() {
    if (address != ANYWHERE && (isWindow() || window.topDown)) {
      throw new IllegalArgumentException(
          "an exact address leaves no choice of another place: " + this);
    }
    if (address != ANYWHERE && (address & (alignmentBytes - 1)) != 0) {
      throw new IllegalArgumentException("the address is not aligned: " + this);
    }
    return this;
  }

  private boolean isWindow() {
    return window.lowAddress != 0 || window.highAddress != Long.MAX_VALUE;
  }

  /** Where pages may lie, and from which end they are looked for. */
  private record Window(long lowAddress, long highAddress, boolean topDown) {

    static final Window ALL = new Window(0, Long.MAX_VALUE, false);

    long lowPage(int pageShift) {
      return ((lowAddress - 1) >> pageShift) + 1;
    }

    long highPage(int pageShift) {
      return highAddress >>> pageShift;
    }

    long pages(int pageShift) {
      return highPage(pageShift) - lowPage(pageShift);
    }

    @Override
    public String toString() {
      return "0x%x to 0x%x".formatted(lowAddress, highAddress);
    }
  }

  /** The request in pages of some size. */
  private record InPages(int pageShift, RunRequest request) {}
}
