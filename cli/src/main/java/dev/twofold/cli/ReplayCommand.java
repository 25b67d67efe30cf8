package dev.twofold.cli;

import dev.twofold.cli.progress.Progress;
import dev.twofold.cli.progress.ProgressUnit;
import dev.twofold.cli.replay.Plan;
import dev.twofold.cli.replay.Replay;
import dev.twofold.cli.replay.ReplayResult;
import dev.twofold.cli.replay.Stamps;
import dev.twofold.cli.report.ReplayJson;
import dev.twofold.cli.report.ReplayReport;
import dev.twofold.cli.report.ReplayTable;
import dev.twofold.cli.trace.Recording;
import dev.twofold.cli.trace.RecordingReader;
import dev.twofold.cli.trace.TraceException;
import dev.twofold.core.BuddyAllocator;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twofold replay}: has Twofold do what a kernel's page allocator was recorded doing. */
@Command(
    name = "replay",
    description = "Replays a recording of a Linux page allocator through Twofold.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footerHeading = "%n",
    footer = {
      "To record what your machine does for ten seconds:",
      "  perf record -a -e kmem:mm_page_alloc,kmem:mm_page_free -- sleep 10",
      "  perf script > recording.txt",
      "",
      "An allocation makes a live block of its page frames; whoever held them loses them. A free"
          + " takes frames away. A block is freed when its last frame is gone. Events are all"
          + " allocations and frees, refused and unmatched ones included; skipped lines are other"
          + " events, comments, and allocations that failed when recorded. Afterwards all is freed,"
          + " and the allocator must equal a new one.",
      "",
      "A line is refused as cut off if it is an allocation without gfp_flags= in a file whose other"
          + " allocations have them, or if it is the last, has no end of line, and its order=1 may"
          + " have been 10 or more.",
      "",
      "With several --threads a free waits for its allocation alone, and a CPU may run ahead of"
          + " what others were recorded doing before: an allocation can then fail that would not in"
          + " recorded order, and where blocks lie differs from run to run. Counts of events and"
          + " live pages are those of the recorded order, without the allocations that failed.",
      "",
      "Times are those of the allocator's calls alone, the clock's own cost included. A short"
          + " recording shows a JVM that is still warming up.",
      "",
      "Environment: JAVA_HOME is the JDK to run with; TWOFOLD_JAVA_OPTS holds options for java, like"
          + " -Xmx8g for a recording that does not fit into the heap.",
      "",
      "Exit status: 0 if all went well, 1 if allocations or a check failed, 2 for bad usage or"
          + " input."
    })
final class ReplayCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "TRACE",
      arity = "1..*",
      description =
          "Text of perf script or of the kernel's own trace, plain or packed by gzip; - is standard"
              + " input. Several are replayed one after the other as one recording.")
  private List<String> traces = new ArrayList<>();

  @Mixin private MemoryOptions memory = new MemoryOptions();

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Threads to replay in, 1 to 1024: thread c modulo N does what CPU c was recorded doing, in"
              + " recorded order. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--no-touch",
      description =
          "Leave the memory alone. Otherwise each page is stamped when it is handed out, and the"
              + " stamps are checked when the block is freed.")
  private boolean noTouch;

  @Mixin private FigureOutput output = new FigureOutput();

  ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try {
      checkMemory();
      Limits.requireBetween("--threads", threads, 1, Plan.MOST_THREADS);
      output.prepare(traces);
      if (memory.region().file().isPresent()) {
        output.requireOther(memory.region().file().get());
      }
      ReplayReport report = report(read());
      output.publish(
          terminal.out(), () -> ReplayTable.write(report), () -> ReplayJson.write(report));
      return verdict(report.result());
    } catch (TraceException | UsageException | RejectedExecutionException e) {
      terminal.complain(String.valueOf(e.getMessage()));
      return ExitStatus.REFUSED;
    } catch (InternalError e) {
      return fileFault(e);
    } catch (OutOfMemoryError e) {
      terminal.complain(
          "the recording does not fit into Java's heap: set TWOFOLD_JAVA_OPTS=-Xmx8g, say.");
      return ExitStatus.REFUSED;
    }
  }

  /** That is what Java says of a page that has a place in the file, but none on the disk. */
  private int fileFault(InternalError e) {
    Path file = memory.region().file().orElseThrow(() -> e);
    boolean deleted = file.toFile().delete();
    terminal.complain(
        "%s could not take what was written to it, as its file system is full, or it was cut off; it %s."
            .formatted(file, deleted ? "was deleted again" : "can't be deleted again"));
    return ExitStatus.REFUSED;
  }

  private void checkMemory() throws UsageException {
    memory.check();
    if (isTouched() && memory.pageSize() < Stamps.STAMP_BYTES) {
      throw new UsageException(
          "pages of %d bytes are too small to be stamped: use --no-touch, or pages of %d bytes or more."
              .formatted(memory.pageSize(), Stamps.STAMP_BYTES));
    }
  }

  private boolean isTouched() {
    return !noTouch && memory.region().hasMemory();
  }

  private Recording read() throws TraceException {
    long bytes = traces.stream().mapToLong(ReplayCommand::sizeBytes).sum();
    boolean known = traces.stream().allMatch(trace -> sizeBytes(trace) > 0);
    ProgressUnit unit = ProgressUnit.ofBytes(bytes);
    try (Progress progress = terminal.progress().start("Reading", unit, known ? bytes : -1)) {
      return new RecordingReader(terminal.in(), progress).read(traces);
    }
  }

  /** The size of a file; 0 where that is not known, as of a pipe. */
  private static long sizeBytes(String trace) {
    return trace.equals(RecordingReader.STANDARD_INPUT) ? 0 : new File(trace).length();
  }

  private ReplayReport report(Recording recording) throws UsageException {
    ReplayResult result = replay(plan(recording));
    return new ReplayReport(
        traces, recording.skippedLines(), recording.failedInRecording(), result);
  }

  private Plan plan(Recording recording) {
    try (Progress progress =
        terminal.progress().start("Planning", ProgressUnit.EVENTS, recording.events())) {
      return Plan.of(recording, threads, progress);
    }
  }

  private ReplayResult replay(Plan plan) throws UsageException {
    try (BuddyAllocator allocator = ReplayMemory.open(memory);
        Progress progress =
            terminal.progress().start("Replaying", ProgressUnit.OPERATIONS, plan.operations())) {
      Stamps stamps = isTouched() ? Stamps.in(allocator) : Stamps.none();
      return new Replay(plan, allocator, stamps).run(progress);
    }
  }

  private int verdict(ReplayResult result) {
    long failed = result.traffic().failedAllocations();
    if (failed > 0) {
      terminal.complain(
          "%d allocations failed for want of a large enough free block; give more --memory."
              .formatted(failed));
    }
    result.defects().forEach(terminal::complain);
    return failed > 0 || !result.defects().isEmpty() || !result.drained() ? ExitStatus.FAILED : 0;
  }
}
