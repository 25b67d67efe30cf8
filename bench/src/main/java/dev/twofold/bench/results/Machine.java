package dev.twofold.bench.results;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * Where and when figures were taken.
 *
 * @param time when the run began
 * @param revision of the sources
 * @param command what was started
 * @param processor the processor's name
 * @param processors how many there are
 * @param system the operating system
 * @param java the JVM
 */
record Machine(
    String time,
    String revision,
    String command,
    String processor,
    int processors,
    String system,
    String java) {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Describes this machine, now. */
  static Machine here(String revision, String command) {
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
        revision,
        command,
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        "%s, %s"
            .formatted(System.getProperty("java.vm.name"), System.getProperty("java.vm.version")));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws RawFileException if it is something else
   */
  static Machine read(Path file) throws RawFileException {
    return Json.read(file, "bench/run machine", json -> of(json.getAsJsonObject()));
  }

  private static Machine of(JsonObject json) {
    return new Machine(
        json.get("time").getAsString(),
        json.get("revision").getAsString(),
        json.get("command").getAsString(),
        json.get("processor").getAsString(),
        json.get("processors").getAsInt(),
        json.get("system").getAsString(),
        json.get("java").getAsString());
  }

  /**
   * Writes all this as JSON.
   *
   * @throws RawFileException if that fails
   */
  void write(Path file) throws RawFileException {
    try {
      Files.writeString(file, GSON.toJson(this) + "\n");
    } catch (IOException e) {
      throw new RawFileException("%s can't be written: %s.".formatted(file, e.getMessage()));
    }
  }

  private static String processorName() {
    if (Files.isReadable(CPU_INFO)) {
      try (Stream<String> lines = Files.lines(CPU_INFO)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("an unnamed processor");
      } catch (IOException e) {
        return "an unnamed processor"; // Nothing is measured by this name.
      }
    }
    return "an unnamed processor";
  }
}
