package dev.twofold.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.twofold.bench.results.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one allocator had of the system's memory, in bytes, at four moments.
 *
 * @param allocator its name
 * @param before before the first block was allocated
 * @param full when all was allocated and touched
 * @param freed right after all was freed
 * @param waited after the wait
 */
record GiveBackFigures(String allocator, Moment before, Moment full, Moment freed, Moment waited) {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();
  private static final double MEBI = 1 << 20;
  private static final String UNKNOWN = "–";

  /**
   * One moment.
   *
   * @param resident of the whole process
   * @param ofRegion of the addresses that the allocator's memory lies at, or -1 if not known
   * @param held what the allocator says, or -1 if it does not
   */
  record Moment(long resident, long ofRegion, long held) {}

  /** Writes the figures to a file. */
  void write(Path file) throws IOException {
    Files.writeString(file, GSON.toJson(this));
  }

  /** Reads what {@link #write} wrote. */
  static GiveBackFigures read(Path file) throws IOException {
    return GSON.fromJson(Files.readString(file), GiveBackFigures.class);
  }

  /** Writes all as JSON. */
  static String json(List<GiveBackFigures> all) {
    return GSON.toJson(all) + System.lineSeparator();
  }

  /** Returns two tables in Markdown: the process, and the allocators' own figures. */
  static String tables(List<GiveBackFigures> all) {
    Table process =
        new Table(
            List.of("resident, MiB", "before", "full", "freed", "waited", "more than before"));
    Table own =
        new Table(
            List.of(
                "allocator and system, MiB",
                "full: it says",
                "the system",
                "apart",
                "waited: it says",
                "the system",
                "apart"));
    for (GiveBackFigures each : all) {
      process.add(each.processLine());
      own.add(each.ownLine());
    }
    return process.write() + System.lineSeparator() + own.write();
  }

  private List<String> processLine() {
    List<String> cells = new ArrayList<>(List.of(allocator));
    for (Moment moment : List.of(before, full, freed, waited)) {
      cells.add(mebibytes(moment.resident()));
    }
    cells.add(mebibytes(waited.resident() - before.resident()));
    return cells;
  }

  private List<String> ownLine() {
    List<String> cells = new ArrayList<>(List.of(allocator));
    for (Moment moment : List.of(full, waited)) {
      long system =
          moment.ofRegion() >= 0 ? moment.ofRegion() : moment.resident() - before.resident();
      cells.add(moment.held() < 0 ? UNKNOWN : mebibytes(moment.held()));
      cells.add(mebibytes(system));
      cells.add(moment.held() < 0 ? UNKNOWN : apart(moment.held(), system));
    }
    return cells;
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes / MEBI);
  }

  /** How far two figures are from each other, in per cent of the larger. */
  private static String apart(long one, long other) {
    long larger = Math.max(1, Math.max(one, other));
    return String.format(Locale.ROOT, "%.2f %%", 100.0 * Math.abs(one - other) / larger);
  }
}
