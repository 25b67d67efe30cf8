package dev.twofold.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * {@code malloc} and {@code free} of a C library. Kept in a static final field, its handles are
 * constants to the compiler, as direct as a call into C gets. For that alone each library has a
 * source of its own ({@link GlibcSource}, {@link MimallocSource}, {@link JemallocSource}), alike
 * but for that field: one class for all would keep its heap in an instance's field, and measure
 * that.
 *
 * @param malloc takes a size, returns an address
 * @param free takes an address
 */
record NativeHeap(MethodHandle malloc, MethodHandle free) {

  private static final FunctionDescriptor MALLOC = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor FREE = FunctionDescriptor.ofVoid(JAVA_LONG);

  /**
   * Links the first of the libraries that can be loaded.
   *
   * @param libraries file names of the library's versions, the preferred one first
   * @param prefix what stands before {@code malloc} and {@code free} in its function names
   * @return empty if none can be loaded
   */
  static Optional<NativeHeap> find(List<String> libraries, String prefix) {
    return libraries.stream()
        .map(NativeHeap::load)
        .flatMap(Optional::stream)
        .findFirst()
        .map(library -> link(library, prefix));
  }

  long allocate(long sizeBytes) {
    try {
      return (long) malloc.invokeExact(sizeBytes);
    } catch (Throwable e) {
      throw new AssertionError("malloc threw", e);
    }
  }

  void release(long address) {
    try {
      free.invokeExact(address);
    } catch (Throwable e) {
      throw new AssertionError("free threw", e);
    }
  }

  @SuppressWarnings("restricted") // Loading the library is what was asked for.
  private static Optional<SymbolLookup> load(String library) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(library, Arena.global()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("restricted") // The descriptors are those of the C standard.
  private static NativeHeap link(SymbolLookup library, String prefix) {
    MemorySegment malloc = library.findOrThrow(prefix + "malloc");
    MemorySegment free = library.findOrThrow(prefix + "free");
    Linker linker = Linker.nativeLinker();
    return new NativeHeap(linker.downcallHandle(malloc, MALLOC), linker.downcallHandle(free, FREE));
  }
}
