package dev.twofold.cli;

import dev.twofold.core.AnonymousOptions;
import dev.twofold.core.AnonymousOptions.Wish;
import dev.twofold.core.Region;
import dev.twofold.core.Regions;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a replay's pages come from.
 *
 * @param name what was written
 * @param file the file, of the kind of region that has one
 * @param hasMemory whether there is memory behind the pages
 */
record RegionKind(String name, Optional<Path> file, boolean hasMemory) {

  /** Memory of the process. */
  static final RegionKind ANONYMOUS = new RegionKind("anonymous", Optional.empty(), true);

  private static final RegionKind RANGE = new RegionKind("range", Optional.empty(), false);

  private static final String FILE = "file:";

  /** Reads {@code anonymous}, {@code file:PATH} or {@code range}. */
  static final class Converter implements ITypeConverter<RegionKind> {

    @Override
    public RegionKind convert(String text) {
      if (text.equals(ANONYMOUS.name())) {
        return ANONYMOUS;
      }
      if (text.equals(RANGE.name())) {
        return RANGE;
      }
      if (text.startsWith(FILE) && text.length() > FILE.length()) {
        return new RegionKind(text, Optional.of(path(text.substring(FILE.length()))), true);
      }
      throw new TypeConversionException(
          "'%s' is no region: there are anonymous, file:PATH and range".formatted(text));
    }

    private static Path path(String name) {
      try {
        return Path.of(name);
      } catch (InvalidPathException e) {
        throw new TypeConversionException("'%s' is not a name of a file".formatted(name));
      }
    }
  }

  /**
   * Makes a region.
   *
   * @param address where it starts, if there is no memory behind it
   * @param hugePages whether anonymous memory shall be of huge pages
   * @throws IOException if there is no such file
   * @throws UnsupportedOperationException if the system has no huge pages
   */
  Region open(long address, long sizeBytes, boolean hugePages) throws IOException {
    if (file.isPresent()) {
      return Regions.file(file.get(), sizeBytes);
    }
    return hasMemory
        ? Regions.anonymous(
            sizeBytes,
            AnonymousOptions.NONE.withTransparentHugePages(hugePages ? Wish.REQUIRED : Wish.NO))
        : Regions.addressRange(address, sizeBytes);
  }
}
