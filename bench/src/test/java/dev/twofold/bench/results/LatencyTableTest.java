package dev.twofold.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyTableTest {

  @TempDir private Path folder;

  @Test
  void tellsPercentilesAndRatios() {
    String table = LatencyTable.write(List.of(upTo("twofold", 1000), upTo("glibc", 2000)));
    assertThat(table.lines().map(LatencyTableTest::cells))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ns,50 %,90 %,99 %,99.9 %,99.99 %,max,operations"),
            line -> assertThat(line).startsWith("---,"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "twofold,500 (1.00×),900 (1.00×),990 (1.00×),999 (1.00×),1,000 (1.00×),"
                            + "1,000 (1.00×),1,000"),
            line -> assertThat(line).startsWith("glibc,1,000 (2.00×),").endsWith(",2,000"),
            line -> assertThat(line).isEqualTo("the clock alone,20,20,20,20,20,20,2"));
  }

  @Test
  void filesHoldAllThereIs() throws Exception {
    Latencies latencies = upTo("netty-pooled", 5000);
    Path file = Latencies.file(folder, "netty-pooled");
    latencies.write(file);
    Latencies read = Latencies.read(file);
    assertThat(read.allocator()).isEqualTo("netty-pooled");
    assertThat(read.operations()).isEqualTo(latencies.operations());
    assertThat(read.clock()).isEqualTo(latencies.clock());
  }

  @Test
  void otherFilesAreRefused() throws Exception {
    Path file = Latencies.file(folder, "odd");
    Files.writeString(file, "nothing\n");
    assertThatThrownBy(() -> Latencies.read(file))
        .isInstanceOf(RawFileException.class)
        .hasMessageContaining("latency-odd.hlog");
    assertThatThrownBy(() -> Latencies.read(Latencies.file(folder, "missing")))
        .isInstanceOf(RawFileException.class)
        .hasMessageContaining("latency-missing.hlog can't be read");
  }

  /** Latencies of 1, 2, … {@code most} ns, and of 20 ns for the clock. */
  private static Latencies upTo(String allocator, int most) {
    Latencies latencies =
        new Latencies(allocator, Latencies.newHistogram(), Latencies.newHistogram());
    for (int nanos = 1; nanos <= most; nanos++) {
      latencies.operations().recordValue(nanos);
    }
    latencies.clock().recordValue(20);
    return latencies;
  }

  private static String cells(String line) {
    return line.replaceAll(" *\\| *", "|")
        .replaceAll("^\\||\\|$", "")
        .replace('|', ',')
        .replaceAll("-{3,}:?", "---");
  }
}
