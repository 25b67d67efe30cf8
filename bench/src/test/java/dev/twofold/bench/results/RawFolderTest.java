package dev.twofold.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads recorded figures, and makes tables of them. */
class RawFolderTest {

  private static final Path SAMPLES = Samples.FOLDER;

  @TempDir private Path folder;

  @Test
  void readsWhatJmhWrote() throws Exception {
    RawFolder raw = RawFolder.read(SAMPLES);
    assertThat(raw.threadCounts()).containsExactly(1, 2);
    JmhResult churn = raw.benchmark("churn", 2).getFirst();
    assertThat(churn)
        .isEqualTo(
            new JmhResult(
                "churn",
                "mimalloc",
                OptionalInt.empty(),
                2,
                584.6469707612036,
                7007.934445037622,
                358.5454435156706,
                1028.1720984120113,
                0.02090034461168155));
    assertThat(raw.benchmark("pair", 1)).extracting(JmhResult::mean).hasSize(6).isSorted();
  }

  @Test
  void readsWhatWorkloadsWrote() throws Exception {
    RawFolder raw = RawFolder.read(SAMPLES);
    assertThat(raw.workload("bulk")).extracting(WorkloadResult::order).containsExactly(0, 3);
    WorkloadResult.Spread get = raw.workload("bulk").getFirst().sample("getNanos").orElseThrow();
    assertThat(get)
        .isEqualTo(new WorkloadResult.Spread(485.39404296875, 329.2132873535156, 541.5595703125));
    assertThat(raw.workload("bulk").getFirst().sample("pairNanos")).isEmpty();
    assertThat(raw.workload("mix").getFirst().scores()).hasSize(3);
  }

  @Test
  void readsLatenciesWithTheFastestFirst() throws Exception {
    assertThat(RawFolder.read(SAMPLES).latencies())
        .extracting(Latencies::allocator)
        .containsExactly("twofold", "mimalloc");
  }

  @Test
  void churnTableIsSortedAndEndsWithTheYardstick() throws Exception {
    List<String> lines = cells(JmhTables.churn(RawFolder.read(SAMPLES), 2));
    assertThat(lines)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ns of one churn operation;mean ± error;"),
            line -> assertThat(line).startsWith("---"),
            line -> assertThat(line).isEqualTo("`mimalloc`;585 ± 7,008;0.52×;359;0.42×;1,028;0"),
            line -> assertThat(line).isEqualTo("`twofold`;1,119 ± 8,552;1.00×;846;1.00×;1,660;0"),
            line -> assertThat(line).startsWith("`twofold-confined`;2,374 ± 15,233;2.12×;"),
            line ->
                assertThat(line)
                    .isEqualTo("atomic increment (yardstick);50.6 ± 96.5;0.05×;44.9;0.05×;55.4;0"));
  }

  @Test
  void pairTableHasAColumnForEverySize() throws Exception {
    assertThat(cells(JmhTables.pair(RawFolder.read(SAMPLES), 1)))
        .contains(
            "ns of one pair;4 KiB;32 KiB",
            "`twofold`;646 ± 7,564 (1.00×);371 ± 6,660 (1.00×)",
            "`mimalloc`;67.5 ± 287 (0.10×);60.5 ± 249 (0.16×)");
  }

  @Test
  void workloadTablesTellSpreadAndYardsticks() throws Exception {
    RawFolder raw = RawFolder.read(SAMPLES);
    assertThat(cells(WorkloadTables.times(raw)))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("**bulk**;0;1;485 (329 – 542);62.0;84.5 (68.4 – 118);10.8;;;7.8 ("))
        .anySatisfy(line -> assertThat(line).startsWith("**churn**;0 – 9;1;;;;;596 (457 – 944);"));
    assertThat(cells(WorkloadTables.scores(raw)))
        .contains(
            "**frag-user**;0;1;0.0;0.0;0.0;0.0;0.0;0.0;0.0",
            "**mix**;0 – 6;1;92.2;92.2;92.2;85.4;82.7;84.0;82.7");
  }

  @Test
  void llfreeStandsBesideTheSameRunOfTwofold() throws Exception {
    Samples.copyTo(folder);
    for (int order : new int[] {0, 1, 3}) {
      Files.writeString(
          folder.resolve("llfree-bulk-t1-o%d.json".formatted(order)),
          """
          {"allocator": "llfree", "workload": "bulk", "order": %d, "threads": 1, "virtual": false,
           "confined": false, "shattered": false,
           "samples": {"getNanos": [1000, 800, 900], "putNanos": [170, 180, 160]}}
          """
              .formatted(order));
    }
    RawFolder raw = RawFolder.read(folder);
    assertThat(raw.workload("bulk")).extracting(WorkloadResult::order).containsExactly(0, 3);
    assertThat(cells(LlfreeTable.write(raw)))
        .hasSize(4)
        .contains(
            "ns of one operation;order;threads;allocate;LLFree's;free;LLFree's;both;LLFree's;"
                + "times twofold's",
            "**bulk**;0;1;485;900;84.5;170;570;1,070;1.88×");
  }

  @Test
  void pairsOfLlfreeAreComparedToo() throws Exception {
    Samples.copyTo(folder);
    String pairs =
        """
        {"workload": "repeat", "order": 3, "threads": 2, "virtual": false, "confined": %s,
         "shattered": false, "samples": {"pairNanos": [%d]}}
        """;
    Files.writeString(folder.resolve("bench-a.json"), pairs.formatted(true, 5));
    Files.writeString(folder.resolve("bench-b.json"), pairs.formatted(false, 13));
    Files.writeString(folder.resolve("llfree-a.json"), pairs.formatted(false, 52));
    assertThat(cells(LlfreeTable.write(RawFolder.read(folder))))
        .hasSize(4)
        .contains("**repeat**;3;2;;;;;13.0;52.0;4.00×");
  }

  @Test
  void ratesAreComparedWithThoseOfTwoThreads() throws Exception {
    Samples.copyTo(folder);
    writeChurn(2, false, false, 60e6);
    writeChurn(2, true, false, 75e6);
    writeChurn(16, false, false, 50.7e6);
    writeChurn(10000, true, false, 54e6);
    writeChurn(1, false, true, 90e6);
    RawFolder raw = RawFolder.read(folder);
    assertThat(cells(WorkloadTables.rates(raw)))
        .hasSize(7)
        .endsWith(
            "**2**;60.0 (60.0 – 60.0);100 %;12.5 (12.5 – 12.5)",
            "**2 virtual**;75.0 (75.0 – 75.0);125 %;12.5 (12.5 – 12.5)",
            "**16**;50.7 (50.7 – 50.7);85 %;12.5 (12.5 – 12.5)",
            "**10,000 virtual**;54.0 (54.0 – 54.0);90 %;12.5 (12.5 – 12.5)");
    assertThat(cells(WorkloadTables.times(raw)))
        .anySatisfy(line -> assertThat(line).startsWith("**churn, confined**;0 – 9;1;"))
        .anySatisfy(line -> assertThat(line).startsWith("**churn**;0 – 9;10,000 virtual;"));
  }

  private void writeChurn(int threads, boolean virtual, boolean confined, double rate)
      throws Exception {
    Files.writeString(
        folder.resolve("bench-churn-t%d-%b-%b.json".formatted(threads, virtual, confined)),
        """
        {"workload": "churn", "order": 0, "threads": %d, "virtual": %b, "confined": %b,
         "shattered": false, "samples": {"opsPerSecond": [%s], "sharedYardstickNanos": [12.5]}}
        """
            .formatted(threads, virtual, confined, rate));
  }

  @ParameterizedTest
  @CsvSource({
    "jmh.json, bench/run -rf json",
    "machine.json, bench/run machine",
    "bench-bulk-t1-o0.json, ./twofold bench --json",
    "llfree-bulk-t1-o0.json, bench/llfree --json"
  })
  void damagedFilesAreNamed(String name, String writer) throws Exception {
    Samples.copyTo(folder);
    for (String damage : List.of("", "{", "[]", "[1]", "{\"threads\": []}")) {
      if (!(damage.equals("[]") && name.equals("jmh.json"))) {
        Files.writeString(folder.resolve(name), damage);
        assertThatThrownBy(() -> RawFolder.read(folder))
            .as("%s with %s", name, damage)
            .isInstanceOf(RawFileException.class)
            .hasMessageEndingWith("%s is not what %s writes.".formatted(name, writer));
      }
    }
  }

  @Test
  void missingFilesAndFoldersAreNamed() throws Exception {
    assertThatThrownBy(() -> RawFolder.read(folder.resolve("none")))
        .isInstanceOf(RawFileException.class)
        .hasMessageContaining("run bench/results");
    Samples.copyTo(folder);
    Files.delete(folder.resolve("jmh.json"));
    assertThatThrownBy(() -> RawFolder.read(folder))
        .isInstanceOf(RawFileException.class)
        .hasMessageContaining("jmh.json can't be read");
  }

  private static List<String> cells(String table) {
    return table
        .lines()
        .map(line -> line.replaceAll(" *\\| *", ";").replaceAll("^;|;$", ""))
        .toList();
  }
}
