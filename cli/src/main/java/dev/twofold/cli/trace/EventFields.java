package dev.twofold.cli.trace;

/** The fields of an event: words like {@code order=0}, and words of other kinds among them. */
final class EventFields {

  private static final String[] LAST_FIELDS = {"migratetype=", "gfp_flags="};

  private final String line;
  private final int start;

  private EventFields(String line, int start) {
    this.line = line;
    this.start = start;
  }

  static EventFields of(String line, int start) throws MalformedLineException {
    String text = line.stripTrailing();
    EventFields fields = new EventFields(text, start);
    fields.refuseCutField();
    return fields;
  }

  /**
   * Returns the value of a field.
   *
   * @param key the field's name and an equals sign
   * @return the value, which may be empty; empty too if there is no such field
   */
  String value(String key) {
    int at = find(key);
    return at < 0 ? "" : line.substring(at + key.length(), wordEnd(at));
  }

  /** Like {@link #value}, but refuses an event that has no such field, or an empty one. */
  String require(String key) throws MalformedLineException {
    String value = value(key);
    if (value.isEmpty()) {
      throw new MalformedLineException("the event has no %s, or is cut off".formatted(key));
    }
    return value;
  }

  /**
   * Refuses fields that end with {@code key} and a digit that may be the first of two.
   *
   * @param key the name of a field whose largest value has two digits and begins with 1
   */
  void refuseOpenEnd(String key) throws MalformedLineException {
    String open = key + "1";
    if (line.endsWith(open) && find(key) == line.length() - open.length()) {
      throw new MalformedLineException(
          "the line ends at \"%s\" without an end of line, so more digits may be missing"
              .formatted(open));
    }
  }

  private int find(String key) {
    int at = line.indexOf(key, start);
    while (at > start && !isSpace(line.charAt(at - 1))) {
      at = line.indexOf(key, at + 1);
    }
    return at;
  }

  private int wordEnd(int from) {
    int at = from;
    while (at < line.length() && !isSpace(line.charAt(at))) {
      at++;
    }
    return at;
  }

  private void refuseCutField() throws MalformedLineException {
    int at = line.length();
    while (at > start && !isSpace(line.charAt(at - 1))) {
      at--;
    }
    String word = line.substring(at);
    for (String field : LAST_FIELDS) {
      if (!word.isEmpty() && field.startsWith(word)) {
        throw new MalformedLineException("the event is cut off in \"%s\"".formatted(word));
      }
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }
}
