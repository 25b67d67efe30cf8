package dev.twofold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {

  private static final String CORRUPT = "the gzip data is corrupt";
  private static final String BEFORE = "what stood there before";

  @TempDir Path folder;

  static Stream<Arguments> contents() {
    byte[] good = CommandRun.bytes(Traces.ALLOCATION.repeat(5000));
    byte[] packed = Traces.gzip(good);
    byte[] noise = new byte[1 << 17];
    new Random(1).nextBytes(noise);
    return Stream.of(
        Arguments.of("empty", new byte[0], " is empty."),
        Arguments.of("only comments", text("# a\n\n# b\n"), " holds no mm_page_alloc or"),
        Arguments.of("other text", text("first\nsecond\n"), " event in its 2 lines."),
        Arguments.of("no order", text("%s[1] 9.3: mm_page_free: pfn=1\n"), ", line 2: "),
        Arguments.of(
            "bad number", text("%s%s# c\n[1] 9.3: mm_page_free: pfn=z order=0\n"), ", line 4: "),
        Arguments.of("order 19", text("%s[1] 9.3: mm_page_free: pfn=1 order=19\n"), ", line 2: "),
        Arguments.of("cut off at the end", text("%s%s[1] 9.3: kmem:mm_pa"), ", line 3: "),
        Arguments.of("cut off in the time", text("%s%s[001] 958.3"), ", line 3: "),
        Arguments.of("binary", noise, ": this is binary data"),
        Arguments.of("binary later", text("%s%s\0\1\2\n"), ", line 3: this is binary"),
        Arguments.of("perf.data", text("PERFILE2h\0\0\0"), "\"perf script\""),
        Arguments.of("endless line", text("%s" + "x".repeat(1 << 20)), ", line 2: "),
        Arguments.of("packed, cut off", Arrays.copyOf(packed, packed.length / 2), "is cut off"),
        Arguments.of(
            "packed, header only", Arrays.copyOf(packed, 5), ", line 1: the gzip data is cut"),
        Arguments.of("packed, no checksum", Arrays.copyOf(packed, packed.length - 8), "is cut off"),
        Arguments.of("packed, damaged", damaged(packed), "the gzip data is "),
        Arguments.of("packed, a later part damaged", joined(packed, alteredFirst(packed)), CORRUPT),
        Arguments.of("packed, junk behind it", joined(packed, text("junk\n")), CORRUPT),
        Arguments.of("packed, junk behind zeros", joined(packed, text("\0\0junk\n")), CORRUPT),
        Arguments.of(
            "packed, a later part cut off",
            joined(packed, Arrays.copyOf(packed, 6)),
            "the gzip data is cut off"),
        Arguments.of(
            "packed, a later part's end cut off",
            joined(packed, Arrays.copyOf(packed, packed.length - 1)),
            "the gzip data is cut off"),
        Arguments.of(
            "no colon", text("%s[1] 9.3: kmem:mm_page_free page=1 pfn=1 order=0\n"), ", line 2: "),
        Arguments.of(
            "order cut off",
            text("%s[1] 9.3: kmem:mm_page_alloc: page=1 pfn=1 order=1"),
            ", line 2: "),
        Arguments.of("packed, empty", Traces.gzip(new byte[0]), " is empty."));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contents")
  void isRefusedWithOneSentence(String name, byte[] content, String expected) throws IOException {
    Path trace = Files.write(folder.resolve("trace"), content);
    Path json = Files.writeString(folder.resolve("out.json"), BEFORE);
    CommandRun run = CommandRun.of("replay", "--json", json.toString(), trace.toString());
    expectRefusal(run, trace.toString(), expected);
    assertThat(json).hasContent(BEFORE);
    CommandRun piped = CommandRun.withInput(content, "replay", "--json", "-", "-");
    expectRefusal(piped, "standard input", expected);
  }

  @Test
  void oneBadFileAmongGoodOnesSpoilsAll() throws IOException {
    Path good = Files.writeString(folder.resolve("good"), Traces.ALLOCATION);
    Path bad =
        Files.writeString(folder.resolve("bad"), Traces.ALLOCATION + "[1] 9.3: mm_page_free: x");
    CommandRun run = CommandRun.of("replay", good.toString(), bad.toString());
    expectRefusal(run, bad.toString(), ", line 2: ");
  }

  @Test
  void refusesWhatIsNoFile() {
    Path missing = folder.resolve("missing");
    expectRefusal(
        CommandRun.of("replay", missing.toString()),
        missing.toString(),
        "does not exist: name a recording, or - for");
    expectRefusal(CommandRun.of("replay", folder.toString()), folder.toString(), "a directory");
    expectRefusal(CommandRun.of("replay", ""), "the name of a recording", "is empty.");
    expectRefusal(CommandRun.of("replay", "nul\0character"), "", "not a name");
  }

  @Test
  void doesNotOverwriteTheRecording() throws IOException {
    Path trace = Files.writeString(folder.resolve("trace"), Traces.ALLOCATION);
    CommandRun run = CommandRun.of("replay", "--json", trace.toString(), trace.toString());
    expectRefusal(run, trace.toString(), "the recording itself");
    assertThat(trace).hasContent(Traces.ALLOCATION);
  }

  @Test
  void readsStandardInputOnce() {
    CommandRun run = CommandRun.withInput(CommandRun.bytes(Traces.ALLOCATION), "replay", "-", "-");
    expectRefusal(run, "standard input", "given twice");
  }

  @ParameterizedTest
  @CsvSource({
    "--page-size=64M, --memory",
    "--page-size=16T, --memory",
    "--page-size=32T, --page-size",
    "--memory=1, --memory 1 is less than a page of 4096 bytes",
    "--page-size=16T --memory=1T, --memory 1099511627776 is less",
    "--page-size=4G --memory=4G, give at least 8589934592 bytes",
    "--json=, --json needs the name of a file",
    "--region=disk, 'is no region: there are anonymous, file:PATH and range'",
    "--region=file:, 'is no region'",
    "--region=file:/nowhere/pages, its directory does not exist.",
    "--region=file:/, '--region file:/: there is such a file already; name one that is to be created.'",
    "--region=file:pom.xml, '--region file:pom.xml: there is such a file already;'",
    "--region=file:pom.xml/pages, cannot be created",
    "--region=file:/sys/pages, cannot be created",
    "--region=file:figures --json=./figures, --json figures is the file of --region: give the figures another one.",
    "--region=file:pages --memory=1M --memory=1M, --region file:pages takes one --memory.",
    "--region=range --huge-pages, --huge-pages is for anonymous memory: leave out --region range.",
    "--region=file:pages --huge-pages, --huge-pages is for anonymous memory: leave out --region file:pages.",
    "--region=range --decay=1s, --decay is for memory: leave out --region range.",
    "--region=range --memory=7168P --memory=7168P, the memory can't be had",
    "--decay=5, 'is not a time, like 500ms, 10s, 5m or 1h'",
    "--decay=-1s, is not a time",
    "--decay=0s, decay must be 1 milliseconds to 36500 days",
    "--threads=0, '--threads must be 1 to 1024, not 0.'",
    "--threads=-1, '--threads must be 1 to 1024, not -1.'",
    "--threads=1025, '--threads must be 1 to 1024, not 1025.'"
  })
  void namesTheOptionThatCannotBeFollowed(String options, String expected) {
    List<String> arguments = new ArrayList<>(List.of("replay", "--no-touch", "-"));
    arguments.addAll(List.of(options.split(" ", -1)));
    CommandRun run =
        CommandRun.withInput(CommandRun.bytes(Traces.ALLOCATION), arguments.toArray(String[]::new));
    expectRefusal(run, "", expected);
    assertThat(run.err()).doesNotContain("overflow", "0x", ": .", "Exception", "Regions.");
  }

  static Stream<Arguments> options() {
    return Stream.of(
        Arguments.of("--memory", "much"),
        Arguments.of("--memory", "0"),
        Arguments.of("--memory", "1P"),
        Arguments.of("--memory", "65T"),
        Arguments.of("--page-size", "3000"),
        Arguments.of("--page-size", "4"),
        Arguments.of("--page-size", "1P"),
        Arguments.of("--page-size", "64M"),
        Arguments.of("--json", "no/such/folder/out.json"),
        Arguments.of("--json", "."),
        Arguments.of("--json", ""),
        Arguments.of("--threads", "x"),
        Arguments.of("--memory"));
  }

  @ParameterizedTest
  @MethodSource("options")
  void refusesBadOptions(ArgumentsAccessor options) {
    List<String> arguments = new ArrayList<>(List.of("replay", "-"));
    options.toList().forEach(option -> arguments.add(String.valueOf(option)));
    expectRefusal(
        CommandRun.withInput(CommandRun.bytes(Traces.ALLOCATION), arguments.toArray(String[]::new)),
        "",
        "");
  }

  @Test
  void refusesACommandLineWithoutTraceOrCommand() {
    expectRefusal(CommandRun.of("replay"), "TRACE", "see \"twofold replay --help\".");
    expectRefusal(CommandRun.of(), "subcommand", "see \"twofold --help\".");
    expectRefusal(CommandRun.of("rewind"), "rewind", "see \"twofold --help\".");
  }

  private static void expectRefusal(CommandRun run, String subject, String reason) {
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("twofold: ").contains(subject).contains(reason);
    assertThat(run.err().strip()).hasLineCount(1).endsWith(".");
  }

  private static byte[] text(String format) {
    return CommandRun.bytes(format.replace("%s", Traces.ALLOCATION));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] alteredFirst(byte[] packed) {
    byte[] altered = packed.clone();
    altered[0] ^= 1;
    return altered;
  }

  private static byte[] damaged(byte[] packed) {
    byte[] damaged = packed.clone();
    damaged[packed.length / 2] ^= 0x55;
    return damaged;
  }
}
