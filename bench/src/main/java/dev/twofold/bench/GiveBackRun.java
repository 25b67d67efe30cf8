package dev.twofold.bench;

import dev.twofold.bench.GiveBackFigures.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The JVM that {@link GiveBackCommand} starts for one allocator. */
final class GiveBackRun {

  private final MemoryHolder.Open holder;
  private final int count;
  private final int order;

  private GiveBackRun(MemoryHolder.Open holder, int count, int order) {
    this.holder = holder;
    this.count = count;
    this.order = order;
  }

  /**
   * Measures one allocator and writes the file.
   *
   * @param arguments the allocator, bytes to fill, the order of the blocks, the decay time and the
   *     time to wait in milliseconds, and the file
   * @throws IOException if the system does not tell or the file can't be written
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    measure(
            MemoryHolder.named(arguments[0]),
            Long.parseLong(arguments[1]),
            Integer.parseInt(arguments[2]),
            Duration.ofMillis(Long.parseLong(arguments[3])),
            Duration.ofMillis(Long.parseLong(arguments[4])))
        .write(Path.of(arguments[5]));
  }

  /** Measures one allocator. */
  static GiveBackFigures measure(
      MemoryHolder allocator, long sizeBytes, int order, Duration decay, Duration wait)
      throws IOException, InterruptedException {
    int count = Math.toIntExact(sizeBytes / (PageSource.PAGE_BYTES << order));
    try (MemoryHolder.Open holder = allocator.open(sizeBytes, count, decay)) {
      GiveBackRun run = new GiveBackRun(holder, count, order);
      Moment before = run.moment();
      run.fill();
      Moment full = run.moment();
      run.free();
      Moment freed = run.moment();
      holder.trim().run();
      Thread.sleep(wait);
      return new GiveBackFigures(allocator.label(), before, full, freed, run.moment());
    }
  }

  private void fill() {
    for (int slot = 0; slot < count; slot++) {
      holder.source().allocate(slot, order);
      SystemMemory.touch(holder.source().address(slot), PageSource.PAGE_BYTES << order);
    }
  }

  private void free() {
    for (int slot = 0; slot < count; slot++) {
      holder.source().free(slot);
    }
  }

  private Moment moment() throws IOException {
    long ofRegion = -1;
    if (holder.region().isPresent()) {
      ofRegion =
          SystemMemory.residentBytes(
              holder.region().get().address(), holder.region().get().sizeBytes());
    }
    return new Moment(SystemMemory.residentBytes(), ofRegion, holder.source().heldBytes());
  }
}
