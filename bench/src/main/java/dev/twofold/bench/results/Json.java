package dev.twofold.bench.results;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files of JSON. */
final class Json {

  private Json() {}

  /** Makes something of a file's text. */
  interface Reader<T> {

    /** Throws any unchecked exception if {@code json} is not what was expected. */
    T read(JsonElement json);
  }

  /**
   * Reads a file.
   *
   * @throws RawFileException if it can't be read or is not what {@code reader} expects
   */
  static <T> T read(Path file, String writtenBy, Reader<T> reader) throws RawFileException {
    try {
      return reader.read(JsonParser.parseString(Files.readString(file)));
    } catch (IOException e) {
      throw new RawFileException("%s can't be read: %s.".formatted(file, e.getMessage()));
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | ClassCastException
        | NullPointerException
        | NumberFormatException e) {
      throw new RawFileException("%s is not what %s writes.".formatted(file, writtenBy));
    }
  }
}
