package dev.twofold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.twofold.cli.bench.WorkloadKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every run ends with the check that all was freed, so a status of 0 says that too. */
class BenchCommandTest {

  private static final String QUICK = "--warm-up=0 --rounds=2 --operations=4000 --seconds=1";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "bulk, 16M, getNanos putNanos",
    "rand, 16M, getNanos putNanos",
    "repeat, 16M, pairNanos opsPerSecond",
    "filling, 16M, getNanos putNanos getNanosAt0 putNanosAt99",
    "frag-user, 64M, score",
    "frag-kernel, 64M, score",
    "stress, 16M, score",
    "linux-scalability, 2G, getNanos putNanos",
    "constant-occupancy, 16M, pairNanos opsPerSecond",
    "cached, 16M, pairNanos opsPerSecond",
    "larson, 512M, pairNanos opsPerSecond",
    "pair, 16M, pairNanos opsPerSecond",
    "churn, 1G, pairNanos opsPerSecond",
    "mix, 64M, score",
    "mix --shattered, 64M, score"
  })
  void freesEverythingInVirtualThreadsAndTellsItsFigures(
      String workload, String memory, String keys) {
    JsonObject json = figures(workload + " --order=1 --threads=3 --virtual --memory=" + memory);
    assertThat(json.get("workload").getAsString()).isEqualTo(workload.split(" ", -1)[0]);
    assertThat(json.get("order").getAsInt()).isEqualTo(1);
    assertThat(json.get("threads").getAsInt()).isEqualTo(3);
    assertThat(json.get("virtual").getAsBoolean()).isTrue();
    assertThat(json.keySet())
        .contains(keys.split(" ", -1))
        .contains("metadataBytes", "yardstickNanos", "seed", "samples");
    for (String key : keys.split(" ", -1)) {
      if (!key.equals("score")) {
        assertThat(json.get(key).getAsDouble()).isPositive();
        assertThat(json.getAsJsonObject("samples").getAsJsonArray(key)).hasSize(2);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"bulk", "rand", "frag-kernel", "cached"})
  void freesEverythingInPlatformThreadsToo(String workload) {
    JsonObject json = figures(workload + " --memory=64M --threads=5");
    assertThat(json.get("threads").getAsInt()).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LARSON", "THREADTEST"})
  void runsOnAConfinedAllocator(WorkloadKind kind) {
    JsonObject json = figures(kind.title() + " --confined --memory=1G");
    assertThat(json.get("confined").getAsBoolean()).isTrue();
    assertThat(json.get("threads").getAsInt()).isEqualTo(1);
  }

  @Test
  void tellsAConfinedAllocatorInTheHeading() {
    String options = "bench pair --confined --warm-up=0 --operations=10 --memory=16M";
    assertThat(CommandRun.of(options.split(" ", -1)).out())
        .startsWith("pair, order 0, 1 thread, confined, 4,096 pages of 4 KiB, seed ");
    assertThat(figures("pair --memory=16M").get("confined").getAsBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "pair --confined --threads=2, --confined allows one thread",
    "pair --confined --virtual, --virtual",
    "larson --confined --memory=512M, leave out --confined"
  })
  void refusesAConfinedAllocatorForSeveralThreads(String options, String expected) {
    CommandRun run = CommandRun.of(("bench " + options).split(" ", -1));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("twofold: ")
        .contains(expected)
        .endsWith(".\n")
        .hasLineCount(1);
  }

  @Test
  void everyWorkloadIsNamedInTheHelp() {
    CommandRun help = CommandRun.of("bench", "--help");
    assertThat(help.status()).isZero();
    assertThat(Arrays.stream(WorkloadKind.values()).map(WorkloadKind::title))
        .allSatisfy(title -> assertThat(help.out()).contains(title));
  }

  @ParameterizedTest
  @CsvSource({"frag-user", "frag-kernel", "mix", "mix --shattered"})
  void scoresAreTheSameFromTheSameSeed(String workload) {
    JsonArray scores = scores(workload + " --seed=7");
    assertThat(scores).hasSize(99).isEqualTo(scores(workload + " --seed=7"));
    scores.forEach(score -> assertThat(score.getAsDouble()).isBetween(0.0, 100.0));
  }

  private static JsonArray scores(String options) {
    return json(options + " --memory=64M --rounds=99 --operations=400000").getAsJsonArray("score");
  }

  @Test
  void writesATableAndAFile() throws IOException {
    Path file = folder.resolve("out.json");
    List<String> options =
        List.of("bench", "pair", "--warm-up=0", "--operations=10", "--memory=16M", "--real");
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("--json", file.toString()));
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("pair, order 0, 1 thread, 4,096 pages")
        .contains("pair of both, ns", "(yardstick)", "equals a new one")
        .doesNotContain("two threads");
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertThat(json.getAsJsonObject("samples").getAsJsonArray("pairNanos")).hasSize(5);
    assertThat(json.keySet()).contains("yardstickNanos").doesNotContain("sharedYardstickNanos");
  }

  /** There is nothing to measure where threads take turns on one processor. */
  @Test
  void severalThreadsHaveASecondYardstick() throws IOException {
    boolean several = Runtime.getRuntime().availableProcessors() > 1;
    Path file = folder.resolve("out.json");
    List<String> options = List.of("bench", "rand", "--memory=64M", "--threads=2", "--warm-up=0");
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("--rounds=3", "--json", file.toString()));
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.out().contains("atomic increment, two threads, ns")).isEqualTo(several);
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertThat(json.has("sharedYardstickNanos")).isEqualTo(several);
    assertThat(json.getAsJsonObject("samples").has("sharedYardstickNanos")).isEqualTo(several);
  }

  @Test
  void larsonWritesIntoRealMemory() {
    assertThat(figures("larson --real --memory=512M --threads=2").get("real").getAsBoolean())
        .isTrue();
  }

  static Stream<String> refusals() {
    return Stream.of(
        "bench",
        "bench dance",
        "bench pair churn",
        "bench pair --order=19",
        "bench pair --order=-1",
        "bench pair --order=x",
        "bench pair --threads=0",
        "bench pair --threads=60001",
        "bench pair --rounds=0",
        "bench pair --operations=0",
        "bench pair --operations=1 --threads=2",
        "bench pair --warm-up=-1",
        "bench stress --seconds=0",
        "bench pair --memory=0",
        "bench pair --memory=1K",
        "bench pair --json=no/such/folder/out.json",
        "bench pair --warm-up=0 --memory=16M --order=13",
        "bench bulk --memory=16M --order=12",
        "bench linux-scalability --warm-up=0 --memory=16M",
        "bench linux-scalability --order=18",
        "bench threadtest --threads=2 --order=15",
        "bench larson --order=15",
        "bench constant-occupancy --order=15",
        "bench churn --memory=16M --warm-up=0 --threads=2");
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesInOneSentence(String line) {
    CommandRun run = CommandRun.of(line.split(" ", -1));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("twofold: ").endsWith(".\n").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "bench pair --seed=abc | 'abc' is not a whole number",
        "bench pair --rounds=1.5 | '1.5' is not a whole number",
        "bench pair --rounds= | '' is not a whole number",
        "bench pair --rounds=3000000000 | '3000000000' is not from -2147483648 to 2147483647",
        "bench pair --seed=9223372036854775808 | '9223372036854775808' is not from -92233720368547",
        "replay --threads=two x | 'two' is not a whole number",
      })
  void saysWhatANumberIs(String line, String expected) {
    CommandRun run = CommandRun.of(line.split(" ", -1));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(expected).hasLineCount(1);
  }

  private static JsonObject figures(String options) {
    return json(options + " " + QUICK);
  }

  private static JsonObject json(String options) {
    CommandRun run = CommandRun.of(("bench --json=- " + options).split(" ", -1));
    assertThat(run.err()).as(options).isEmpty();
    assertThat(run.status()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }
}
