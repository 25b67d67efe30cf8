package dev.twofold.core;

import static dev.twofold.core.Fixtures.KIB;
import static dev.twofold.core.Fixtures.MIB;
import static dev.twofold.core.Fixtures.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as regions: who may read them, what is in them, and what is refused. */
class FileRegionDoorTest {

  /** More than any disk holds. */
  private static final long TOO_LARGE = 1L << 60;

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  static void needsPosix() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    if (!posix) {
      System.out.println("skipped for want of POSIX permissions: all tests of file regions");
    }
    assumeTrue(posix);
  }

  @Test
  void newFileIsItsOwnersAlone() throws IOException {
    Path file = directory.resolve("pages");
    try (Region region = Regions.file(file, 64 * MIB)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(Files.size(file)).isEqualTo(64 * MIB);
      MemorySegment memory = region.memory().orElseThrow();
      assertThat(memory.byteSize()).isEqualTo(region.sizeBytes()).isEqualTo(64 * MIB);
      assertThat(memory.address()).isEqualTo(region.address());
      assertThat(memory.get(ValueLayout.JAVA_LONG, 64 * MIB - 8)).isZero();
      assertThat(region)
          .hasToString(
              "FileRegion[file=%s, address=0x%x, sizeBytes=%d]", file, region.address(), 64 * MIB);
    }
  }

  /** Of a quarter of the disk not even half is used up, however busy others are. */
  @Test
  void fileTakesNoSpaceUntilItIsTouched() throws IOException {
    long usableBytes = Files.getFileStore(directory).getUsableSpace();
    long sizeBytes = usableBytes / 4;
    for (int existing = 0; existing < 2; existing++) {
      Path file = directory.resolve("pages" + existing);
      try (Region region = existing == 0 ? Regions.file(file, sizeBytes) : grown(file, sizeBytes)) {
        region.memory().orElseThrow().set(ValueLayout.JAVA_BYTE, sizeBytes - 1, (byte) 1);
        assertThat(Files.size(file)).isEqualTo(sizeBytes);
        assertThat(Files.getFileStore(directory).getUsableSpace())
            .isGreaterThan(usableBytes - sizeBytes / 2);
      }
    }
  }

  private static Region grown(Path file, long sizeBytes) throws IOException {
    return Regions.existingFile(Files.createFile(file), sizeBytes);
  }

  @Test
  void whatIsWrittenIsInTheFileAtOnceAndAfterClose() throws IOException {
    Path file = directory.resolve("pages");
    Region region = Regions.file(file, MIB);
    long offset;
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      MemorySegment block = allocator.allocate(3 * PAGE_BYTES);
      block.fill((byte) 7);
      offset = block.address() - region.address();
      assertThat(read(file, offset, 3 * PAGE_BYTES)).containsOnly(7);
    }
    assertThat(read(file, offset, 3 * PAGE_BYTES)).containsOnly(7);
    assertThat(Files.size(file)).isEqualTo(MIB);
  }

  private static byte[] read(Path file, long offset, long sizeBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(sizeBytes));
    try (FileChannel channel = FileChannel.open(file)) {
      assertThat(channel.read(bytes, offset)).isEqualTo(bytes.capacity());
    }
    return bytes.array();
  }

  @Test
  void closeUnmapsAndMayBeRepeated() throws IOException {
    Region region = Regions.file(directory.resolve("pages"), MIB);
    MemorySegment memory = region.memory().orElseThrow();
    region.close();
    region.close();
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void partOfAPageAtTheEndIsInTheFileButInNoBlock() throws IOException {
    Path file = directory.resolve("pages");
    Region region = Regions.file(file, 3 * PAGE_BYTES + 100);
    region.memory().orElseThrow().set(ValueLayout.JAVA_BYTE, 3 * PAGE_BYTES + 99, (byte) 9);
    try (BuddyAllocator allocator = Fixtures.allocator(region)) {
      assertThat(allocator.stats().pagesTotal()).isEqualTo(3);
    }
    assertThat(Files.size(file)).isEqualTo(3 * PAGE_BYTES + 100);
    assertThat(read(file, 3 * PAGE_BYTES + 99, 1)).containsExactly(9);
  }

  @Test
  void existingFileKeepsWhatItHoldsAndGrows() throws IOException {
    Path file = Files.writeString(directory.resolve("pages"), "buddy");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    try (Region region = Regions.existingFile(file, 16 * MIB)) {
      MemorySegment memory = region.memory().orElseThrow();
      assertThat(memory.getString(0)).isEqualTo("buddy");
      assertThat(region.sizeBytes()).isEqualTo(16 * MIB);
      memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 'm');
    }
    assertThat(read(file, 0, 6)).containsExactly('m', 'u', 'd', 'd', 'y', 0);
    assertThat(Files.size(file)).isEqualTo(16 * MIB);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void longerFileKeepsItsRest() throws IOException {
    Path file = Files.write(directory.resolve("pages"), new byte[(int) (64 * KIB)]);
    try (Region region = Regions.existingFile(file, 8 * KIB)) {
      assertThat(region.sizeBytes()).isEqualTo(8 * KIB);
      region.memory().orElseThrow().fill((byte) 1);
    }
    assertThat(Files.size(file)).isEqualTo(64 * KIB);
    assertThat(read(file, 8 * KIB, 56 * KIB)).containsOnly(0);
  }

  @Test
  void fileThatExistsIsNotTakenForANewOne() throws IOException {
    Path file = Files.writeString(directory.resolve("pages"), "buddy");
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
    String message = "%s exists; name another file, or use Regions.existingFile to map this one";
    assertRefused(() -> Regions.file(file, MIB), message.formatted(file));
    assertRefused(() -> Regions.file(link, MIB), message.formatted(link));
    assertThat(file).hasContent("buddy");
    assertThat(directory.resolve("nowhere")).doesNotExist();
  }

  @Test
  void filesThatCannotBeOpened() {
    Path nowhere = directory.resolve("missing").resolve("pages");
    assertRefused(
        () -> Regions.file(nowhere, MIB),
        nowhere + " cannot be created: its directory does not exist");
    assertRefused(
        () -> Regions.existingFile(nowhere, MIB),
        nowhere + " does not exist; Regions.file creates it");
    String isDirectory = directory + " is a directory; name a file in it";
    assertRefused(() -> Regions.file(directory, MIB), isDirectory);
    assertRefused(() -> Regions.existingFile(directory, MIB), isDirectory);
    Path tooLong = directory.resolve("p".repeat(5000));
    assertThatThrownBy(() -> Regions.file(tooLong, MIB))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(tooLong + " cannot be created: ")
        .hasMessageEndingWith("File name too long");
  }

  @Test
  void filesThatAreNotOrdinary() {
    Path device = Path.of("/dev/null");
    assertRefused(() -> Regions.existingFile(device, MIB), device + " is not an ordinary file");
  }

  /** In this directory not even root may create a file. */
  @Test
  void noPermission() {
    Path kernel = Path.of("/sys/kernel");
    if (!Files.isDirectory(kernel)) {
      System.out.println("skipped for want of /sys/kernel: noPermission");
    }
    assumeTrue(Files.isDirectory(kernel));
    Path file = kernel.resolve("twofold");
    assertThatThrownBy(() -> Regions.file(file, MIB))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            file + " cannot be created: (permission denied|.*Read-only file system)");
  }

  @Test
  void moreThanTheDiskHoldsLeavesNoFileBehind() throws IOException {
    Path file = directory.resolve("pages");
    assertThatThrownBy(() -> Regions.file(file, TOO_LARGE))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "\\Q%s\\E needs %d more bytes, but its file system has \\d+ left; ask for less"
                .formatted(file, TOO_LARGE));
    assertThat(file).doesNotExist();
    Files.writeString(file, "buddy", StandardOpenOption.CREATE_NEW);
    assertThatThrownBy(() -> Regions.existingFile(file, TOO_LARGE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(" needs %d more bytes", TOO_LARGE - 5);
    assertThat(file).hasContent("buddy");
  }

  @Test
  void sizesThatAreNone() {
    Path file = directory.resolve("pages");
    for (long sizeBytes : new long[] {0, -1, Long.MIN_VALUE}) {
      String message = "size of a file region must be at least 1 byte, not " + sizeBytes;
      assertThatThrownBy(() -> Regions.file(file, sizeBytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
      assertThatThrownBy(() -> Regions.existingFile(file, sizeBytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
    assertThat(file).doesNotExist();
  }

  private static void assertRefused(ThrowingCallable use, String message) {
    assertThatThrownBy(use).isInstanceOf(IOException.class).hasMessage(message);
  }
}
