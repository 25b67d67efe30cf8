package dev.twofold.bench.results;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * How long single operations took, in nanoseconds, the clock's share included. Lies in a file of
 * HdrHistogram's log format, which the tools of that library read too.
 *
 * @param allocator the allocator's name
 * @param operations every free and allocation of the churn
 * @param clock reading the clock twice with nothing in between, in the same JVM
 */
public record Latencies(String allocator, Histogram operations, Histogram clock) {

  /** How names of such files end. */
  public static final String EXTENSION = ".hlog";

  private static final String PREFIX = "latency-";
  private static final String OPERATIONS = "churn";
  private static final String CLOCK = "clock";
  private static final long LONGEST_NANOS = 100_000_000_000L;
  private static final int DIGITS = 3;
  private static final double NANOS = 1;

  /**
   * Makes an empty histogram.
   *
   * @return for times up to 100 s, good to three digits
   */
  public static Histogram newHistogram() {
    return new Histogram(1, LONGEST_NANOS, DIGITS);
  }

  /**
   * Returns where the latencies of an allocator lie.
   *
   * @param folder the folder of such files
   * @param allocator the allocator's name
   * @return the file
   */
  public static Path file(Path folder, String allocator) {
    return folder.resolve(PREFIX + allocator + EXTENSION);
  }

  /**
   * Writes the histograms.
   *
   * @param file where to; is replaced
   * @throws RawFileException if that fails
   */
  public void write(Path file) throws RawFileException {
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
      HistogramLogWriter writer = new HistogramLogWriter(out);
      writer.outputComment(
          "[Nanoseconds of %s; tag churn: one free and one allocation]".formatted(allocator));
      writer.outputLegend();
      write(writer, OPERATIONS, operations);
      write(writer, CLOCK, clock);
      if (out.checkError()) {
        throw new IOException("the disk may be full");
      }
    } catch (IOException e) {
      throw new RawFileException("%s can't be written: %s.".formatted(file, e.getMessage()));
    }
  }

  private static void write(HistogramLogWriter writer, String tag, Histogram histogram) {
    histogram.setTag(tag);
    writer.outputIntervalHistogram(0, 0, histogram, NANOS);
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @return what it holds; the file's name tells the allocator
   * @throws RawFileException if it is not such a file
   */
  public static Latencies read(Path file) throws RawFileException {
    Map<String, Histogram> tagged = new HashMap<>();
    try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
      for (EncodableHistogram each = reader.nextIntervalHistogram();
          each != null;
          each = reader.nextIntervalHistogram()) {
        if (each instanceof Histogram histogram) {
          tagged.put(String.valueOf(histogram.getTag()), histogram);
        }
      }
    } catch (FileNotFoundException | RuntimeException e) {
      throw new RawFileException("%s can't be read: %s.".formatted(file, e.getMessage()));
    }
    Histogram operations = tagged.get(OPERATIONS);
    Histogram clock = tagged.get(CLOCK);
    if (operations == null || clock == null) {
      throw new RawFileException(
          "%s is not of bench/run latency: it needs histograms tagged %s and %s."
              .formatted(file, OPERATIONS, CLOCK));
    }
    String name = file.getFileName().toString();
    return new Latencies(
        name.substring(PREFIX.length(), name.length() - EXTENSION.length()), operations, clock);
  }
}
