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
import java.util.Locale;
import java.util.Optional;

/**
 * Private anonymous memory: through the system calls {@code mmap} and {@code munmap} on Linux and
 * macOS, elsewhere through the JDK. {@link Regions#anonymous} tells its contract. Nothing is linked
 * before the first mapping.
 */
final class AnonymousRegion implements Region {

  /** 64 TiB: half of what a process can address on x86-64, as alignment may take twice the size. */
  private static final long MAX_SIZE_BYTES = 1L << 46;

  /** The largest block of 4 KiB pages: more alignment than that would serve none of them. */
  private static final long MAX_ALIGNMENT_BYTES = 1L << 30;

  private static final int PROT_READ_WRITE = 0x1 | 0x2;
  private static final int LINUX_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
  private static final int MACOS_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x1000 | 0x40;
  private static final int NO_FILE = -1;
  private static final long MAP_FAILED = -1;
  private static final String ERRNO = "errno";

  /** The smallest page of any system: what mmap aligns to at least. */
  private static final long MIN_PAGE_BYTES = 4 << 10;

  /** The largest page of any system: a multiple of it is a multiple of this system's page. */
  private static final long MAX_PAGE_BYTES = 64 << 10;

  private static final String SYSTEM = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  private static final boolean LINUX = SYSTEM.startsWith("linux");
  private static final boolean MACOS = SYSTEM.startsWith("mac");

  private final Arena arena;
  private final MemorySegment memory;

  private AnonymousRegion(Arena arena, MemorySegment memory) {
    this.arena = arena;
    this.memory = memory;
  }

  static AnonymousRegion reserve(long sizeBytes) {
    if (sizeBytes < 1 || sizeBytes > MAX_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "size of anonymous memory must be 1 to %d bytes, not %d"
              .formatted(MAX_SIZE_BYTES, sizeBytes));
    }
    long alignmentBytes = Math.min(Long.highestOneBit(sizeBytes), MAX_ALIGNMENT_BYTES);
    Arena arena = Arena.ofShared();
    try {
      MemorySegment memory =
          LINUX || MACOS
              ? map(sizeBytes, alignmentBytes, arena)
              : arena.allocate(sizeBytes, alignmentBytes);
      return new AnonymousRegion(arena, memory);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public long address() {
    return memory.address();
  }

  @Override
  public long sizeBytes() {
    return memory.byteSize();
  }

  @Override
  public Optional<MemorySegment> memory() {
    return Optional.of(memory);
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  @Override
  public String toString() {
    return "AnonymousRegion[address=0x%x, sizeBytes=%d]".formatted(address(), sizeBytes());
  }

  /**
   * Maps memory that the system commits at the first touch.
   *
   * @param sizeBytes the size, at least 1
   * @param minAlignmentBytes a power of two that the address shall be a multiple of
   * @param arena whose close unmaps the memory
   * @return a segment of {@code sizeBytes}
   * @throws OutOfMemoryError if the system refuses
   */
  @SuppressWarnings("restricted") // The segment is no longer than what was mapped.
  private static MemorySegment map(long sizeBytes, long minAlignmentBytes, Arena arena) {
    MethodHandle munmap = link("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    long alignmentBytes = Math.max(minAlignmentBytes, MAX_PAGE_BYTES);
    long mappedBytes = alignUp(sizeBytes, MAX_PAGE_BYTES);
    long slackBytes = alignmentBytes - MIN_PAGE_BYTES;
    long start = mmap(mappedBytes + slackBytes);
    long address = alignUp(start, alignmentBytes);
    long slackBefore = address - start;
    unmap(munmap, start, slackBefore);
    unmap(munmap, address + mappedBytes, slackBytes - slackBefore);
    return MemorySegment.ofAddress(address)
        .reinterpret(sizeBytes, arena, memory -> unmap(munmap, address, mappedBytes));
  }

  private static long mmap(long sizeBytes) {
    MethodHandle mmap =
        link(
            "mmap",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
            Linker.Option.captureCallState(ERRNO));
    MemoryLayout stateLayout = Linker.Option.captureStateLayout();
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment state = scratch.allocate(stateLayout);
      long start = call(mmap, state, sizeBytes);
      if (start == MAP_FAILED) {
        long errnoOffset = stateLayout.byteOffset(PathElement.groupElement(ERRNO));
        throw new OutOfMemoryError(
            "the system refused to reserve %d bytes of anonymous memory (mmap, errno %d)"
                .formatted(sizeBytes, state.get(JAVA_INT, errnoOffset)));
      }
      return start;
    }
  }

  private static long call(MethodHandle mmap, MemorySegment state, long sizeBytes) {
    int flags = LINUX ? LINUX_PRIVATE_ANONYMOUS_NORESERVE : MACOS_PRIVATE_ANONYMOUS_NORESERVE;
    try {
      return (long) mmap.invokeExact(state, 0L, sizeBytes, PROT_READ_WRITE, flags, NO_FILE, 0L);
    } catch (Throwable e) {
      throw new AssertionError("mmap threw", e);
    }
  }

  private static void unmap(MethodHandle munmap, long address, long sizeBytes) {
    if (sizeBytes == 0) {
      return;
    }
    try {
      int result = (int) munmap.invokeExact(address, sizeBytes);
      Invariant.hold(result == 0, "munmap was refused; address, size", address, sizeBytes);
    } catch (Throwable e) {
      throw new AssertionError("munmap threw", e);
    }
  }

  private static long alignUp(long value, long alignment) {
    return (value + alignment - 1) & -alignment;
  }

  @SuppressWarnings("restricted") // The descriptors are those of the system's headers.
  private static MethodHandle link(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
