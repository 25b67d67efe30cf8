package dev.twofold.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void missingPeersAreNamedAndLeftOut() {
    List<Peer> peers = List.of(Peer.TWOFOLD, Peer.MIMALLOC, Peer.JEMALLOC);
    assertThat(Peer.available(peers, peer -> peer != Peer.JEMALLOC, out))
        .containsExactly(Peer.TWOFOLD, Peer.MIMALLOC);
    assertThat(printed()).startsWith("jemalloc is left out").contains("libjemalloc2");
  }

  @Test
  void installedPeersAreMeasuredWithoutAWord() {
    List<Peer> peers = List.of(Peer.values());
    assertThat(Peer.available(peers, peer -> true, out)).isEqualTo(peers);
    assertThat(printed()).isEmpty();
  }

  @Test
  void missingLibraryIsSeen() {
    assertThat(NativeHeap.find(List.of("libnosuchheap.so"), "")).isEmpty();
  }

  @Test
  void nettyIsMeasuredAsItComesAndTuned() {
    assertThat(Peer.labels())
        .contains("netty-pooled", "netty-pooled-tuned", "netty-adaptive", "netty-adaptive-tuned");
  }

  @Test
  void unknownAllocatorIsRefusedByName() {
    assertThatThrownBy(() -> Peer.named("dlmalloc"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'dlmalloc'")
        .hasMessageContaining("mimalloc");
  }

  @Test
  void reportComparesWithTwofold() throws Exception {
    Report.printAll(shortestRun(1, "twofold", "arena-confined"), out);
    assertThat(Arrays.asList(printed().split("\\R", -1)))
        .anySatisfy(line -> assertThat(line).startsWith("Threads: 1;"))
        .anySatisfy(line -> assertThat(line).matches("allocator +churn +pair 0 +garbage"))
        .anySatisfy(line -> assertThat(line).matches("twofold .* 1\\.00x .* B"))
        .anySatisfy(line -> assertThat(line).matches("atomicIncrement: .* ns"));
  }

  @Test
  void threadsShareAnAllocatorOrHaveTheirOwn() throws Exception {
    List<RunResult> results = new ArrayList<>(shortestRun(2, "twofold", "twofold-confined"));
    results.addAll(shortestRun(1, "twofold"));
    Report.printAll(results, out);
    assertThat(printed().lines().filter(line -> line.startsWith("Threads")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("Threads: 1;"),
            line -> assertThat(line).startsWith("Threads: 2;"));
    assertThat(printed()).contains("twofold-confined").doesNotContain("NaN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"--threads 1,2,8 churn | 1,2,8", "-f 1 --threads 4 | 4", "churn | 7"})
  void numbersOfThreadsAreTakenOut(String line, String counts) {
    List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
    assertThat(ThreadCounts.take(arguments, List.of(7)))
        .extracting(String::valueOf)
        .containsExactly(counts.split(","));
    assertThat(arguments).doesNotContain("--threads", counts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--threads", "--threads 1,,2", "--threads 0", "--threads two"})
  void wrongNumbersOfThreadsAreRefused(String line) {
    List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
    assertThatThrownBy(() -> ThreadCounts.take(arguments, List.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--threads takes numbers of threads")
        .hasMessageContaining("1,2,8");
  }

  private static List<RunResult> shortestRun(int threads, String... allocators) throws Exception {
    return List.copyOf(
        new Runner(
                new OptionsBuilder()
                    .include(PairBenchmark.class.getName())
                    .include(ChurnBenchmark.class.getName())
                    .include(YardstickBenchmark.class.getName())
                    .param("allocator", allocators)
                    .param("order", "0")
                    .addProfiler(GCProfiler.class)
                    .threads(threads)
                    .shouldFailOnError(true)
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(20))
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run());
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
