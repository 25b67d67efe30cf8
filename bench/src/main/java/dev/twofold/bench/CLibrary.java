package dev.twofold.bench;

import java.util.List;
import java.util.Optional;

/** The C libraries whose {@code malloc} is measured where they are installed. */
@SuppressWarnings("ImmutableEnumChecker") // Its lists cannot be changed.
enum CLibrary {
  GLIBC("", "libc.so.6"),
  MIMALLOC("mi_", "libmimalloc.so.3", "libmimalloc.so.2", "libmimalloc.so", "libmimalloc.dylib"),
  JEMALLOC("", "libjemalloc.so.2", "libjemalloc.so", "libjemalloc.2.dylib");

  private final String prefix;
  private final List<String> fileNames;

  CLibrary(String prefix, String... fileNames) {
    this.prefix = prefix;
    this.fileNames = List.of(fileNames);
  }

  /** Loads and links the library, or returns empty if it cannot be loaded. */
  Optional<NativeHeap> heap() {
    return NativeHeap.find(fileNames, prefix);
  }
}
