package dev.twofold.core;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The system calls on memory, and the only type that calls native functions. They are those of
 * Linux, and those of macOS where it has them; a call that the system has not is refused like one
 * that it denies. Nothing is linked before its first use.
 *
 * <p>Names and numbers are those of the manual pages mmap(2), madvise(2), getpagesize(2), mlock(2),
 * mbind(2) and syscall(2), and of the Linux headers {@code asm-generic/mman.h}, {@code
 * linux/mman.h} and {@code linux/mempolicy.h}.
 */
final class SystemMemory {

  /** The system does not do what it was asked for. */
  static final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    RefusedException(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }

    /** Says which call was refused and why. */
    String reason() {
      return reason;
    }
  }

  /** A call that tells by -1 that it was refused, and leaves the reason in {@code state}. */
  private interface Call {
    long invoke(MemorySegment state) throws Throwable;
  }

  /** The highest number of a NUMA node that a call can name, as the kernel's configuration does. */
  static final int MAX_NUMA_NODE = 1023;

  private static final int PROT_READ_WRITE = 0x1 | 0x2;
  private static final int LINUX_PRIVATE_ANONYMOUS = 0x2 | 0x20;
  private static final int LINUX_NORESERVE = 0x4000;
  private static final int LINUX_HUGETLB = 0x40000;

  /** Where the flags of mmap hold the binary logarithm of the size of a huge page. */
  private static final int LINUX_HUGE_SHIFT = 26;

  private static final int LINUX_MADV_DONTNEED = 4;
  private static final int LINUX_MADV_REMOVE = 9;
  private static final int LINUX_MADV_HUGEPAGE = 14;
  private static final int LINUX_MPOL_BIND = 2;
  private static final int MACOS_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x1000 | 0x40;
  private static final int NO_FILE = -1;
  private static final long FAILED = -1;
  private static final String ERRNO = "errno";

  /** The smallest page of any system: what mmap aligns to at least. */
  private static final long MIN_PAGE_BYTES = 4 << 10;

  /** The largest page of any system: a multiple of it is a multiple of this system's page. */
  private static final long MAX_PAGE_BYTES = 64 << 10;

  /** Another thread's mapping may come first to an address that was free just now; not so often. */
  private static final int ATTEMPTS = 16;

  private static final String SYSTEM = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  private static final boolean LINUX = SYSTEM.startsWith("linux");
  private static final boolean MACOS = SYSTEM.startsWith("mac");

  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();

  /** A range of bytes, and whether it was done. */
  private static final FunctionDescriptor OF_RANGE =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG);

  /** What is called again and again: linked once, at its first use. */
  private static final class Linked {

    /** Empty if Java denies native access to this module, which files can do without. */
    static final Optional<MethodHandle> MADVISE = madvise();

    static final long PAGE_BYTES = MADVISE.isEmpty() ? MAX_PAGE_BYTES : pageBytes();

    private static Optional<MethodHandle> madvise() {
      FunctionDescriptor descriptor =
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
      try {
        return Optional.of(link("madvise", descriptor));
      } catch (IllegalCallerException e) {
        return Optional.empty();
      }
    }

    private static long pageBytes() {
      MethodHandle getpagesize = link("getpagesize", FunctionDescriptor.of(JAVA_INT));
      try (Arena brief = Arena.ofConfined()) {
        MemorySegment unused = brief.allocate(STATE);
        return invoke("getpagesize", state -> (int) getpagesize.invokeExact(state), unused);
      }
    }
  }

  private SystemMemory() {}

  /** Returns whether this system has {@code mmap}; without it every call here is refused. */
  static boolean isKnown() {
    return LINUX || MACOS;
  }

  /**
   * Maps private anonymous memory that the system commits at the first touch.
   *
   * @param sizeBytes the size, at least 1
   * @param minAlignmentBytes a power of two that the address shall be a multiple of
   * @param arena whose close unmaps the memory
   * @return a segment of {@code sizeBytes}
   */
  static MemorySegment map(long sizeBytes, long minAlignmentBytes, Arena arena)
      throws RefusedException {
    requireCall("mmap", isKnown());
    long alignmentBytes = Math.max(minAlignmentBytes, MAX_PAGE_BYTES);
    long mappedBytes = alignUp(sizeBytes, MAX_PAGE_BYTES);
    long slackBytes = alignmentBytes - MIN_PAGE_BYTES;
    int flags =
        LINUX ? LINUX_PRIVATE_ANONYMOUS | LINUX_NORESERVE : MACOS_PRIVATE_ANONYMOUS_NORESERVE;
    long start = mmap(0, mappedBytes + slackBytes, flags);
    long address = alignUp(start, alignmentBytes);
    long slackBefore = address - start;
    unmap(start, slackBefore);
    unmap(address + mappedBytes, slackBytes - slackBefore);
    return segment(address, sizeBytes, mappedBytes, arena);
  }

  /**
   * Maps private anonymous memory of huge pages, which are taken from the system's pool at once and
   * zeroed at the first touch.
   *
   * @param sizeBytes the size, at least 1; whole huge pages are taken for it
   * @param minAlignmentBytes a power of two that the address shall be a multiple of
   * @param hugePageBytes a power of two, the size of a huge page
   * @param arena whose close unmaps the memory
   * @return a segment of {@code sizeBytes}
   */
  static MemorySegment mapHuge(
      long sizeBytes, long minAlignmentBytes, long hugePageBytes, Arena arena)
      throws RefusedException {
    requireCall("mmap with huge pages", LINUX);
    int pageShift = Long.numberOfTrailingZeros(hugePageBytes);
    int flags = LINUX_PRIVATE_ANONYMOUS | LINUX_HUGETLB | (pageShift << LINUX_HUGE_SHIFT);
    long mappedBytes = alignUp(sizeBytes, hugePageBytes);
    long address = mapAligned(mappedBytes, Math.max(minAlignmentBytes, hugePageBytes), flags);
    return segment(address, sizeBytes, mappedBytes, arena);
  }

  /**
   * Maps exactly {@code sizeBytes}: no slack is mapped with these flags, as it would be taken from
   * the pool as well. An address that fits is found by a mapping that costs nothing.
   *
   * @return the address, a multiple of {@code alignmentBytes}
   */
  static long mapAligned(long sizeBytes, long alignmentBytes, int flags) throws RefusedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long wanted;
      try (Arena brief = Arena.ofConfined()) {
        wanted = map(sizeBytes, alignmentBytes, brief).address();
      }
      long address = mmap(wanted, sizeBytes, flags | LINUX_PRIVATE_ANONYMOUS);
      if (address % alignmentBytes == 0) {
        return address;
      }
      unmap(address, sizeBytes);
    }
    throw new RefusedException("mmap found no aligned address in %d attempts".formatted(ATTEMPTS));
  }

  /** Advises the system to back a mapping with huge pages where it can. */
  static void adviseHugePages(MemorySegment mapping) throws RefusedException {
    requireCall("madvise for huge pages", LINUX);
    advise(mapping.address(), mapping.byteSize(), LINUX_MADV_HUGEPAGE);
  }

  /** Gives whole pages of private anonymous memory back; they read as zero from then on. */
  static void discard(long address, long sizeBytes) throws RefusedException {
    requireCall("madvise that discards memory", LINUX);
    requireWholePages(address, sizeBytes);
    advise(address, sizeBytes, LINUX_MADV_DONTNEED);
  }

  /** Gives whole pages of a shared mapping of a file back, which then has a hole in their place. */
  static void punchHole(long address, long sizeBytes) throws RefusedException {
    requireCall("madvise that punches holes", LINUX);
    requireWholePages(address, sizeBytes);
    advise(address, sizeBytes, LINUX_MADV_REMOVE);
  }

  /** The system would take all of a page of which only a part is named. */
  private static void requireWholePages(long address, long sizeBytes) throws RefusedException {
    long pageBytes = Linked.PAGE_BYTES;
    if (((address | sizeBytes) & (pageBytes - 1)) != 0) {
      throw new RefusedException("these are not whole pages of %d bytes".formatted(pageBytes));
    }
  }

  private static void advise(long address, long sizeBytes, int advice) throws RefusedException {
    MethodHandle madvise =
        Linked.MADVISE.orElseThrow(
            () -> new RefusedException("native access is denied to this module"));
    call("madvise", state -> (int) madvise.invokeExact(state, address, sizeBytes, advice));
  }

  /** Commits a mapping and keeps it in memory. If that is refused, none of it stays locked. */
  static void lock(MemorySegment mapping) throws RefusedException {
    requireCall("mlock", isKnown());
    MethodHandle mlock = link("mlock", OF_RANGE);
    MethodHandle munlock = link("munlock", OF_RANGE);
    long address = mapping.address();
    long sizeBytes = mapping.byteSize();
    try {
      call("mlock", state -> (int) mlock.invokeExact(state, address, sizeBytes));
    } catch (RefusedException e) {
      try (Arena brief = Arena.ofConfined()) {
        Call unlock = state -> (int) munlock.invokeExact(state, address, sizeBytes);
        invoke("munlock", unlock, brief.allocate(STATE));
      }
      throw e;
    }
  }

  /**
   * Has the system commit a mapping from the memory of one NUMA node only.
   *
   * @param mapping memory that was not touched yet
   * @param node the node's number, 0 to {@link #MAX_NUMA_NODE}
   */
  static void bind(MemorySegment mapping, int node) throws RefusedException {
    long number = mbindNumber();
    requireCall("mbind", number != FAILED);
    FunctionDescriptor descriptor =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    MethodHandle syscall = link("syscall", descriptor, Linker.Option.firstVariadicArg(1));
    try (Arena brief = Arena.ofConfined()) {
      MemorySegment nodes = brief.allocate(JAVA_LONG, (MAX_NUMA_NODE + 1) / Long.SIZE);
      nodes.setAtIndex(JAVA_LONG, node / Long.SIZE, 1L << node);
      long maxNode = MAX_NUMA_NODE + 2L; // The kernel reads one bit less than it is told.
      call(
          "mbind",
          state ->
              (long)
                  syscall.invokeExact(
                      state,
                      number,
                      mapping.address(),
                      mapping.byteSize(),
                      (long) LINUX_MPOL_BIND,
                      nodes.address(),
                      maxNode,
                      0L));
    }
  }

  /** The C library has no function mbind; its number is in {@code asm/unistd.h}. */
  private static long mbindNumber() {
    if (!LINUX) {
      return FAILED;
    }
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> 237;
      case "aarch64", "riscv64" -> 235;
      default -> FAILED;
    };
  }

  private static long mmap(long wanted, long sizeBytes, int flags) throws RefusedException {
    FunctionDescriptor descriptor =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    MethodHandle mmap = link("mmap", descriptor);
    return call(
        "mmap",
        state ->
            (long) mmap.invokeExact(state, wanted, sizeBytes, PROT_READ_WRITE, flags, NO_FILE, 0L));
  }

  /** Unmaps what was mapped here, which the system has no reason to refuse. */
  static void unmap(long address, long sizeBytes) {
    if (sizeBytes == 0) {
      return;
    }
    MethodHandle munmap = link("munmap", OF_RANGE);
    try {
      call("munmap", state -> (int) munmap.invokeExact(state, address, sizeBytes));
    } catch (RefusedException e) {
      throw new AssertionError("%s at 0x%x, %d bytes".formatted(e.reason(), address, sizeBytes), e);
    }
  }

  @SuppressWarnings("restricted") // The segment is no longer than what was mapped.
  private static MemorySegment segment(
      long address, long sizeBytes, long mappedBytes, Arena arena) {
    return MemorySegment.ofAddress(address)
        .reinterpret(sizeBytes, arena, memory -> unmap(address, mappedBytes));
  }

  private static void requireCall(String name, boolean has) throws RefusedException {
    if (!has) {
      throw new RefusedException("this system has no " + name);
    }
  }

  /** Calls and turns a refusal into an exception. */
  private static long call(String name, Call call) throws RefusedException {
    try (Arena brief = Arena.ofConfined()) {
      MemorySegment state = brief.allocate(STATE);
      long result = invoke(name, call, state);
      if (result == FAILED) {
        long offset = STATE.byteOffset(PathElement.groupElement(ERRNO));
        throw new RefusedException("%s, errno %d".formatted(name, state.get(JAVA_INT, offset)));
      }
      return result;
    }
  }

  private static long invoke(String name, Call call, MemorySegment state) {
    try {
      return call.invoke(state);
    } catch (Throwable e) {
      throw new AssertionError(name + " threw", e);
    }
  }

  private static long alignUp(long value, long alignment) {
    return (value + alignment - 1) & -alignment;
  }

  @SuppressWarnings("restricted") // The descriptors are those of the system's headers.
  private static MethodHandle link(
      String name, FunctionDescriptor descriptor, Linker.Option... more) {
    Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
    options[more.length] = Linker.Option.captureCallState(ERRNO);
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
