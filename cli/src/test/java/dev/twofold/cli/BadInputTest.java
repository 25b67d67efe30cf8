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
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {

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
    expectRefusal(CommandRun.of("replay", missing.toString()), missing.toString(), "not exist.");
    expectRefusal(CommandRun.of("replay", folder.toString()), folder.toString(), "a directory");
    expectRefusal(CommandRun.of("replay", "nul\0character"), "", "not a name");
  }

  @Test
  void doesNotOverwriteTheRecording() throws IOException {
    Path trace = Files.writeString(folder.resolve("trace"), Traces.ALLOCATION);
    CommandRun run = CommandRun.of("replay", "--json", trace.toString(), trace.toString());
    expectRefusal(run, trace.toString(), "the recording itself");
    assertThat(trace).hasContent(Traces.ALLOCATION);
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
        Arguments.of("--threads", "2"),
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

  private static byte[] damaged(byte[] packed) {
    byte[] damaged = packed.clone();
    damaged[packed.length / 2] ^= 0x55;
    return damaged;
  }
}
