package dev.twofold.cli.trace;

import dev.twofold.cli.progress.Progress;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Reads recordings, from files or from standard input, plain or packed by gzip. Several files are
 * read one after the other as one recording.
 */
public final class RecordingReader {

  /** The name of standard input among files. */
  public static final String STANDARD_INPUT = "-";

  private final InputStream standardInput;
  private final Progress progress;

  /**
   * Makes a reader.
   *
   * @param standardInput what is read for {@link #STANDARD_INPUT}
   * @param progress told of every packed byte that is read
   */
  public RecordingReader(InputStream standardInput, Progress progress) {
    this.standardInput = standardInput;
    this.progress = progress;
  }

  /**
   * Reads whole files; none of them is used if any of them is bad.
   *
   * @param traces names of files
   * @return their events, in order
   * @throws TraceException if a file can't be read, holds a malformed line, or holds no event
   */
  public Recording read(List<String> traces) throws TraceException {
    if (Collections.frequency(traces, STANDARD_INPUT) > 1) {
      throw TraceException.of("standard input", "is given twice, but can be read only once.");
    }
    Recording.Builder recording = new Recording.Builder();
    for (String trace : traces) {
      if (trace.equals(STANDARD_INPUT)) {
        read("standard input", standardInput, recording);
      } else {
        readFile(trace, recording);
      }
    }
    return recording.build();
  }

  private void readFile(String trace, Recording.Builder recording) throws TraceException {
    try (InputStream in = Files.newInputStream(existing(trace))) {
      read(trace, in, recording);
    } catch (AccessDeniedException e) {
      throw TraceException.of(trace, "may not be read by you.");
    } catch (IOException e) {
      throw TraceException.of(trace, "can't be opened: %s.".formatted(e.getMessage()));
    }
  }

  private static Path existing(String trace) throws TraceException {
    if (trace.isEmpty()) {
      throw TraceException.of("the name of a recording", "is empty.");
    }
    Path path;
    try {
      path = Path.of(trace);
    } catch (InvalidPathException e) {
      throw TraceException.of(trace, "is not a name that a file can have.");
    }
    if (Files.isDirectory(path)) {
      throw TraceException.of(trace, "is a directory: name the recordings in it.");
    }
    if (!Files.exists(path)) {
      throw TraceException.of(trace, "does not exist: name a recording, or - for standard input.");
    }
    return path;
  }

  private void read(String trace, InputStream in, Recording.Builder recording)
      throws TraceException {
    long eventsBefore = recording.events();
    long lines = readLines(trace, in, recording);
    if (lines == 0) {
      throw TraceException.of(trace, "is empty.");
    }
    if (recording.events() == eventsBefore) {
      throw TraceException.of(
          trace, "holds no mm_page_alloc or mm_page_free event in its %d lines.".formatted(lines));
    }
  }

  /** Returns the number of lines. */
  private long readLines(String trace, InputStream in, Recording.Builder recording)
      throws TraceException {
    long lineNumber = 1;
    try {
      InputStream text = GzipDetector.unpack(new CountedInput(in, progress));
      LineReader lines = new LineReader(text);
      EventParser events = new EventParser();
      try {
        while (lines.advance()) {
          long parsed = events.parse(lines.line(), lines.isTerminated());
          recording.add(parsed, events.cpu());
        }
        return lines.lineNumber() - 1;
      } catch (MalformedLineException e) {
        GzipDetector.requireSound(text);
        throw TraceException.at(trace, lines.lineNumber(), e.getMessage() + ".");
      } finally {
        lineNumber = lines.lineNumber();
      }
    } catch (EOFException e) {
      throw TraceException.at(trace, lineNumber, "the gzip data is cut off here.");
    } catch (ZipException e) {
      throw TraceException.at(trace, lineNumber, "the gzip data is corrupt.");
    } catch (IOException e) {
      throw TraceException.at(
          trace, lineNumber, "it can't be read further: %s.".formatted(e.getMessage()));
    }
  }
}
