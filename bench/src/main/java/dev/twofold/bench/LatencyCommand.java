package dev.twofold.bench;

import dev.twofold.bench.results.Latencies;
import dev.twofold.bench.results.LatencyTable;
import dev.twofold.bench.results.RawFileException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/run latency}: how long single operations take, the rare slow ones too. */
@Command(
    name = "latency",
    description =
        "Records how long every single operation of the churn takes, each allocator in a JVM of"
            + " its own, and prints percentiles.",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class LatencyCommand implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final long FULL = 20_000_000;
  private static final long QUICK = 2_000_000;

  /** Operations to warm up with for each one that counts. */
  private static final double WARM_UP_SHARE = 0.5;

  private final PrintStream out;

  @Option(
      names = "--allocator",
      paramLabel = "NAME",
      split = ",",
      description = "The allocators, with commas between them. Default: all.")
  private List<String> allocators = Peer.labels();

  @Option(
      names = "--quick",
      description = "Record " + QUICK + " operations instead of " + FULL + ".")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where to write the histograms, latency-NAME.hlog; is made if need be. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path folder = Path.of("latency");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // Picocli looks at its annotation only.
  private boolean help;

  LatencyCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      Files.createDirectories(folder);
      List<Latencies> all = new ArrayList<>();
      List<Peer> chosen = allocators.stream().distinct().map(Peer::named).toList();
      for (Peer peer : Peer.available(chosen, Peer::isAvailable, out)) {
        out.println("Recording " + peer.label() + "…");
        all.add(record(peer));
      }
      out.println();
      out.print(LatencyTable.write(all));
      out.printf("%nThe histograms are in %s.%n", folder);
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      return Bench.BAD_USAGE;
    } catch (IOException e) {
      System.err.println("bench: --out can't be the directory %s.".formatted(folder));
      return Bench.BAD_USAGE;
    } catch (RawFileException | IllegalStateException e) {
      System.err.println("bench: " + e.getMessage());
      return FAILED;
    }
  }

  private Latencies record(Peer peer) throws IOException, InterruptedException, RawFileException {
    long operations = quick ? QUICK : FULL;
    Path file = Latencies.file(folder, peer.label());
    ChildJvm.run(
        peer.label(),
        List.of(),
        LatencyRun.class,
        List.of(
            peer.label(),
            Long.toString(Math.round(operations * WARM_UP_SHARE)),
            Long.toString(operations),
            file.toString()));
    return Latencies.read(file);
  }
}
