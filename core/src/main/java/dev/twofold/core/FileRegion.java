package dev.twofold.core;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.twofold.core.SystemMemory.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that is mapped, shared; {@link Regions#file} tells its contract. */
final class FileRegion extends ArenaRegion {

  /** Given as the file is created, so that nobody else can open it in between. */
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;
  private final boolean created;

  private FileRegion(Arena arena, MemorySegment memory, Path file, boolean created) {
    super(arena, memory);
    this.file = file;
    this.created = created;
  }

  static FileRegion create(Path file, long sizeBytes) throws IOException {
    requireUsable(file, sizeBytes);
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      throw new IOException(
          ("%s cannot be created for its owner alone, as its file system has no such permissions;"
                  + " create it and use Regions.existingFile")
              .formatted(file));
    }
    try (FileChannel channel = openNew(file)) {
      try {
        return map(file, channel, sizeBytes, true);
      } catch (Throwable e) {
        Files.delete(file);
        throw e;
      }
    }
  }

  static FileRegion open(Path file, long sizeBytes) throws IOException {
    requireUsable(file, sizeBytes);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("%s is not an ordinary file".formatted(file));
    }
    try (FileChannel channel = openExisting(file)) {
      return map(file, channel, sizeBytes, false);
    }
  }

  private static void requireUsable(Path file, long sizeBytes) throws IOException {
    if (sizeBytes < 1) {
      throw new IllegalArgumentException(
          "size of a file region must be at least 1 byte, not %d".formatted(sizeBytes));
    }
    if (Files.isDirectory(file)) {
      throw new IOException("%s is a directory; name a file in it".formatted(file));
    }
  }

  private static FileChannel openNew(Path file) throws IOException {
    try {
      return FileChannel.open(file, Set.of(READ, WRITE, CREATE_NEW), OWNER_ALONE);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          "%s exists; name another file, or use Regions.existingFile to map this one"
              .formatted(file),
          e);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "%s cannot be created: its directory does not exist".formatted(file), e);
    } catch (AccessDeniedException e) {
      throw new IOException("%s cannot be created: permission denied".formatted(file), e);
    } catch (IOException e) {
      throw new IOException("%s cannot be created: %s".formatted(file, reason(e)), e);
    }
  }

  private static FileChannel openExisting(Path file) throws IOException {
    try {
      return FileChannel.open(file, READ, WRITE);
    } catch (NoSuchFileException e) {
      throw new IOException("%s does not exist; Regions.file creates it".formatted(file), e);
    } catch (AccessDeniedException e) {
      throw new IOException("%s cannot be read and written: permission denied".formatted(file), e);
    } catch (IOException e) {
      throw new IOException("%s cannot be opened: %s".formatted(file, reason(e)), e);
    }
  }

  /** What the system said, without the name of the file, which stands before it. */
  private static String reason(IOException e) {
    String reason = e instanceof FileSystemException said ? said.getReason() : e.getMessage();
    return reason == null ? e.toString() : reason;
  }

  /** Maps the file's first bytes; mapping beyond its end makes it longer, with a hole. */
  private static FileRegion map(Path file, FileChannel channel, long sizeBytes, boolean created)
      throws IOException {
    requireSpace(file, sizeBytes - channel.size());
    Arena arena = Arena.ofShared();
    try {
      MemorySegment memory = channel.map(MapMode.READ_WRITE, 0, sizeBytes, arena);
      return new FileRegion(arena, memory, file, created);
    } catch (IOException e) {
      arena.close();
      throw new IOException("%s cannot be mapped: %s".formatted(file, reason(e)), e);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /** A hole costs no space yet; what cannot be had even now would crash an access later. */
  private static void requireSpace(Path file, long moreBytes) throws IOException {
    long usableBytes = Files.getFileStore(file).getUsableSpace();
    if (moreBytes > usableBytes) {
      throw new IOException(
          "%s needs %d more bytes, but its file system has %d left; ask for less"
              .formatted(file, moreBytes, usableBytes));
    }
  }

  @Override
  public boolean startsZeroed() {
    return created;
  }

  @Override
  void giveBack(long address, long sizeBytes) throws RefusedException {
    SystemMemory.punchHole(address, sizeBytes);
  }

  @Override
  public String toString() {
    return "FileRegion[file=%s, address=0x%x, sizeBytes=%d]"
        .formatted(file, address(), sizeBytes());
  }
}
