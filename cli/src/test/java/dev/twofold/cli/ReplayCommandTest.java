package dev.twofold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayCommandTest {

  @TempDir Path folder;

  /** The figures were calculated by another program, in another language, by the same rules. */
  @ParameterizedTest
  @CsvSource({
    "jvm-build.perf.txt.gz, 227498, 206046, 20319, 134581, 52382",
    "jvm-hugepages.perf.txt.gz, 133414, 178414, 52120, 328185, 15330",
    "sample.perf.txt.gz, 14362, 13638, 387, 276031, 6226"
  })
  void replaysWhatShipsWithTheProject(
      String trace, long allocations, long frees, long unmatched, long peak, long end) {
    CommandRun run = CommandRun.of("replay", "--json", "-", Traces.shipped(trace));
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(json.get("events").getAsLong()).isEqualTo(allocations + frees);
    assertThat(json.get("allocations").getAsLong()).isEqualTo(allocations);
    assertThat(json.get("frees").getAsLong()).isEqualTo(frees);
    assertThat(json.get("unmatchedFrees").getAsLong()).isEqualTo(unmatched);
    assertThat(json.get("failedAllocations").getAsLong()).isZero();
    assertThat(json.get("skippedLines").getAsLong()).isZero();
    assertThat(json.get("livePagesPeak").getAsLong()).isEqualTo(peak);
    assertThat(json.get("livePagesEnd").getAsLong()).isEqualTo(end);
    assertThat(json.get("pagesTotal").getAsLong()).isEqualTo(1L << 21);
    assertThat(json.get("nanosPerEvent").getAsDouble()).isPositive();
    assertThat(json.get("drained").getAsBoolean()).isTrue();
    assertThat(json.getAsJsonObject("allocationNanos").keySet())
        .containsExactly("p50", "p99", "p999", "max");
    expectFreePages(json, (1L << 21) - end);
  }

  /** The recording is one of two CPUs. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "4, 2", "16, 2"})
  void replaysInSeveralThreads(int threads, int used) {
    JsonObject json = replayed("--threads=" + threads, Traces.shipped("sample.perf.txt.gz"));
    assertThat(json.get("threads").getAsInt()).isEqualTo(threads);
    assertThat(json.get("threadsUsed").getAsInt()).isEqualTo(used);
    assertThat(json.get("allocations").getAsLong()).isEqualTo(14362);
    assertThat(json.get("frees").getAsLong()).isEqualTo(13638);
    assertThat(json.get("unmatchedFrees").getAsLong()).isEqualTo(387);
    assertThat(json.get("failedAllocations").getAsLong()).isZero();
    assertThat(json.get("livePagesPeak").getAsLong()).isEqualTo(276031);
    assertThat(json.get("livePagesEnd").getAsLong()).isEqualTo(6226);
    assertThat(json.get("nanosPerEvent").getAsDouble()).isPositive();
    assertThat(json.get("drained").getAsBoolean()).isTrue();
    expectFreePages(json, (1L << 21) - 6226);
  }

  @Test
  void tellsHowManyThreadsTookPart() {
    byte[] input = CommandRun.bytes(Traces.allocation(5, 1));
    CommandRun one = CommandRun.withInput(input, "replay", "-");
    assertThat(one.out()).containsPattern("threads +1 +1 took part");
    CommandRun many = CommandRun.withInput(input, "replay", "--threads=1024", "-");
    assertThat(many.out()).containsPattern("threads +1,024 +1 took part; there was nothing");
    CommandRun none =
        CommandRun.withInput(CommandRun.bytes(Traces.free(5, 1)), "replay", "--threads=2", "-");
    assertThat(none.out()).containsPattern("threads +2 +0 took part");
    assertThat(none.status()).isZero();
  }

  @Test
  void writesJsonToAFileBesidesTheTable() throws IOException {
    Path file = Files.writeString(folder.resolve("out.json"), "longer than it will be".repeat(999));
    Path trace = Files.writeString(folder.resolve("trace"), Traces.allocation(5, 1) + "# end");
    CommandRun run = CommandRun.of("replay", "--json", file.toString(), trace.toString());
    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Replay of " + trace, "allocations", "p99.9", "1 GiB", "yes");
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertThat(json.get("livePagesPeak").getAsLong()).isEqualTo(2);
    assertThat(json.get("skippedLines").getAsLong()).isEqualTo(1);
  }

  @Test
  void readsPackedInputInParts() throws IOException {
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    input.write(Traces.gzip(CommandRun.bytes(Traces.allocation(5, 1))));
    input.write(Traces.gzip(CommandRun.bytes(Traces.free(5, 1) + Traces.allocation(6, 0))));
    input.write(new byte[512]);
    CommandRun run = CommandRun.withInput(input.toByteArray(), "replay", "--json", "-", "-");
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(json.get("events").getAsLong()).isEqualTo(3);
    assertThat(json.get("livePagesEnd").getAsLong()).isEqualTo(1);
  }

  @Test
  void replaysSeveralFilesAsOneRecording() throws IOException {
    Path first = Files.writeString(folder.resolve("a b"), Traces.allocation(5, 2).stripTrailing());
    Path second =
        Files.write(folder.resolve("b"), Traces.gzip(CommandRun.bytes(Traces.free(5, 2))));
    JsonObject json = replayed(first.toString(), second.toString());
    assertThat(json.get("unmatchedFrees").getAsLong()).isZero();
    assertThat(json.get("livePagesEnd").getAsLong()).isZero();
  }

  @Test
  void countsEveryLineThatIsNoEvent() {
    String failed = "[001] 9.3: kmem:mm_page_alloc: page=(nil) pfn=0x0 order=0 migratetype=0\n";
    CommandRun run =
        CommandRun.withInput(
            CommandRun.bytes("# a\r\n\n" + Traces.ALLOCATION + failed + failed + "x\n"),
            "replay",
            "--json",
            "-",
            "-");
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(json.get("events").getAsLong()).isEqualTo(1);
    assertThat(json.get("skippedLines").getAsLong()).isEqualTo(5);
    assertThat(json.get("failedInRecording").getAsLong()).isEqualTo(2);
  }

  @Test
  void exitsWithOneWhenAllocationsFail() {
    byte[] input = CommandRun.bytes(Traces.allocation(8, 2) + Traces.allocation(16, 0));
    CommandRun run = CommandRun.withInput(input, "replay", "--memory", "16K", "--json", "-", "-");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("twofold: 1 allocations failed").hasLineCount(1);
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(json.get("failedAllocations").getAsLong()).isEqualTo(1);
    assertThat(json.get("unusableFreeIndexEnd").getAsJsonArray().get(0).getAsInt()).isEqualTo(1000);
    assertThat(json.get("drained").getAsBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "--memory=1G --memory=512M, 393216",
    "--memory=64K --page-size=1, 65536",
    "--memory=1G --page-size=2M, 512",
    "--page-size=8, 2097152"
  })
  void servesFromTheMemoryThatIsGiven(String options, long pages) throws IOException {
    Path trace = Files.writeString(folder.resolve("trace"), Traces.ALLOCATION);
    List<String> arguments = new ArrayList<>(List.of(options.split(" ", -1)));
    arguments.add("--no-touch");
    arguments.add(trace.toString());
    JsonObject json = replayed(arguments.toArray(String[]::new));
    assertThat(json.get("pagesTotal").getAsLong()).isEqualTo(pages);
  }

  /** The figures of the recording are the same, whatever stands behind the pages. */
  @ParameterizedTest
  @ValueSource(
      strings = {"", "--region=anonymous", "--region=range", "--region=file:", "--decay=1ms"})
  void servesFromEveryKindOfRegion(String option) {
    Path file = folder.resolve("pages");
    String complete = option.endsWith(":") ? option + file : option;
    List<String> arguments = new ArrayList<>(List.of(Traces.shipped("sample.perf.txt.gz")));
    if (!complete.isEmpty()) {
      arguments.add(complete);
    }
    JsonObject json = replayed(arguments.toArray(String[]::new));
    assertThat(json.get("livePagesPeak").getAsLong()).isEqualTo(276031);
    assertThat(json.get("drained").getAsBoolean()).isTrue();
    expectFreePages(json, (1L << 21) - 6226);
    long committed = json.get("committedBytesEnd").getAsLong();
    assertThat(committed).isBetween(6226L * 4096, (1L << 21) * 4096);
    if (!option.startsWith("--decay")) {
      assertThat(json.get("decommits").getAsLong()).isZero();
      assertThat(json.get("decommittedBytes").getAsLong()).isZero();
      assertThat(committed).isGreaterThanOrEqualTo(276031L * 4096);
    }
    assertThat(Files.exists(file)).isEqualTo(option.endsWith(":"));
    expectResidentMemory(json, !option.equals("--region=range"));
  }

  /** To Java it is the same whether a file was cut off or its file system has no room left. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFileThatTakesNoMoreIsAUsersError(int threads) throws InterruptedException {
    Path file = folder.resolve("pages");
    Thread shears = Thread.ofPlatform().daemon().start(() -> cutOff(file));
    CommandRun run =
        CommandRun.of(
            "replay",
            "--region=file:" + file,
            "--threads=" + threads,
            Traces.shipped("jvm-build.perf.txt.gz"));
    shears.join();
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "twofold: "
                + file
                + " could not take what was written to it, as its file system is full, or it was cut"
                + " off; it was deleted again.");
    assertThat(run.status()).isEqualTo(ExitStatus.REFUSED);
    assertThat(file).doesNotExist();
  }

  private static void cutOff(Path file) {
    try {
      while (!Files.exists(file) || Files.size(file) == 0) {
        Thread.onSpinWait();
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is touched is resident at the peak; of the end the JVM's own memory is a part. */
  private static void expectResidentMemory(JsonObject json, boolean touched) {
    if (!Files.isReadable(Path.of("/proc/self/status"))) {
      assertThat(json.get("residentBytesPeak").isJsonNull()).isTrue();
      assertThat(json.get("residentBytesEnd").isJsonNull()).isTrue();
      return;
    }
    long peak = json.get("residentBytesPeak").getAsLong();
    long end = json.get("residentBytesEnd").getAsLong();
    assertThat(peak).isGreaterThanOrEqualTo(end).isGreaterThan(touched ? 276031L * 4096 : 0);
    assertThat(end).isPositive();
  }

  @Test
  void hugePagesAreUsedOrRefused() throws IOException {
    Path trace = Files.writeString(folder.resolve("trace"), Traces.ALLOCATION);
    CommandRun run = CommandRun.of("replay", "--huge-pages", "--memory=4M", trace.toString());
    if (run.status() == 0) {
      assertThat(run.err()).isEmpty();
    } else {
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err())
          .startsWith("twofold: the memory can't be had: transparentHugePages is refused")
          .hasLineCount(1);
    }
  }

  @Test
  void rangesStandSideBySide() throws IOException {
    Path trace = Files.writeString(folder.resolve("trace"), Traces.ALLOCATION);
    JsonObject json =
        replayed(
            "--region=range",
            "--memory=50T",
            "--memory=4K",
            "--memory=1500M",
            "--page-size=4K",
            trace.toString());
    assertThat(json.get("pagesTotal").getAsLong()).isEqualTo((50L << 28) + 1 + 1500 * 256);
  }

  @Test
  void tellsOfMemoryInTheTable() throws IOException {
    Path trace = Files.writeString(folder.resolve("trace"), Traces.allocation(512, 9));
    CommandRun run = CommandRun.of("replay", "--region=range", trace.toString());
    assertThat(run.out())
        .containsPattern("resident, peak +([0-9,]+|-) ")
        .containsPattern("resident, end +([0-9,]+|-) ")
        .containsPattern("committed, end +2,097,152 .*0 given back in 0 calls");
  }

  @Test
  void tellsItsUsageAndVersion() {
    CommandRun help = CommandRun.of("replay", "--help");
    assertThat(help.status()).isZero();
    assertThat(help.out())
        .contains(
            "--memory",
            "--page-size",
            "--no-touch",
            "--region",
            "--huge-pages",
            "--decay",
            "--threads",
            "--json",
            "TWOFOLD_JAVA_OPTS",
            "perf record -a -e kmem:");
    assertThat(CommandRun.of("--version").out()).startsWith("twofold 0.");
    assertThat(CommandRun.of("--help").out()).contains("replay");
  }

  private static JsonObject replayed(String... arguments) {
    List<String> all = new ArrayList<>(List.of("replay", "--json", "-"));
    all.addAll(List.of(arguments));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static void expectFreePages(JsonObject json, long expected) {
    JsonArray freeBlocks = json.getAsJsonArray("freeBlocksEnd");
    long pages = 0;
    for (int order = 0; order < freeBlocks.size(); order++) {
      pages += freeBlocks.get(order).getAsLong() << order;
    }
    assertThat(pages).isEqualTo(expected);
    assertThat(json.getAsJsonArray("unusableFreeIndexEnd")).hasSameSizeAs(freeBlocks).hasSize(19);
  }
}
