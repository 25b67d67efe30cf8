package dev.twofold.cli.trace;

import java.util.regex.Pattern;

/**
 * Finds the event that a line is about.
 *
 * <p>A line is {@code [process pid] [cpu] [flags] time: [system:]event: fields}. The name of a
 * process may hold anything, even what looks like an event, and so may the fields of other events.
 * So an event counts where it follows the time, and as names of processes come before, the last
 * such place counts. A recording without times has no such anchor: there an event counts where it
 * is followed by a field.
 */
final class EventHeader {

  private static final String COMMON = "mm_page_";
  private static final String ALLOCATION = "mm_page_alloc:";
  private static final String FREE = "mm_page_free:";
  private static final String SYSTEM = "kmem:";
  private static final int NOT_FOUND = -1;

  /** Longer than what can stand before the name of an event. */
  private static final int MAX_HEADER_CHARS = 256;

  private static final Pattern TIME = Pattern.compile("(?:^|\\s)\\d+\\.\\d+:(?:\\s|$)");
  private static final Pattern TIME_AND_EVENT =
      Pattern.compile("(?:^|\\s)\\d+(?:\\.\\d+)?:\\s+(?:\\d+\\s+)?\\S+:(?:\\s|$)");
  private static final Pattern CUT_AFTER_TIME =
      Pattern.compile(".*?(?:^|\\s)\\d+\\.\\d+:\\s*(?<event>\\S*)");
  private static final Pattern CUT_IN_TIME =
      Pattern.compile(".*\\[\\d{3,}\\](?:\\s+[.\\w]{4,6})?\\s*\\d*\\.?\\d*");

  /** What a line holds that is about none of the two events. */
  static final EventHeader OTHER = new EventHeader(false, NOT_FOUND);

  private final boolean allocation;
  private final int fieldsStart;

  private EventHeader(boolean allocation, int fieldsStart) {
    this.allocation = allocation;
    this.fieldsStart = fieldsStart;
  }

  /** Whether the event is an allocation rather than a free. */
  boolean isAllocation() {
    return allocation;
  }

  /** Where the event's fields begin in the line. */
  int fieldsStart() {
    return fieldsStart;
  }

  /**
   * Finds the event of a line.
   *
   * @param line without its end
   * @param terminated whether the line had an end, so that it can't be cut off
   * @return the event, or {@link #OTHER}
   * @throws MalformedLineException if the line is the beginning of an event, two events, or damaged
   */
  static EventHeader find(String line, boolean terminated) throws MalformedLineException {
    if (line.startsWith("#")) {
      return OTHER;
    }
    EventHeader anchored = OTHER;
    EventHeader loose = OTHER;
    for (int at = line.indexOf(COMMON); at >= 0; at = line.indexOf(COMMON, at + 1)) {
      EventHeader candidate = candidate(line, at);
      if (candidate == OTHER) {
        if (followsTime(line, wordStart(line, at)) && DamagedEvent.isAt(line, at)) {
          throw damaged();
        }
      } else if (followsTime(line, start(line, at))) {
        if (anchored != OTHER && startsWithField(line, anchored.fieldsStart)) {
          throw new MalformedLineException("it holds two events, or one that was cut off");
        }
        anchored = candidate;
      } else if (startsWithField(line, candidate.fieldsStart)) {
        loose = candidate;
      }
    }
    if (anchored != OTHER) {
      return anchored;
    }
    if (loose != OTHER && !TIME.matcher(line).find()) {
      return loose;
    }
    refuseBeginning(line, terminated);
    refuseDamaged(line);
    return OTHER;
  }

  /** Refuses a line that holds one of the two events, but neither it nor another in its place. */
  private static void refuseDamaged(String line) throws MalformedLineException {
    int at = line.indexOf(COMMON);
    if (at < 0 || TIME_AND_EVENT.matcher(line).find()) {
      return;
    }
    for (; at >= 0; at = line.indexOf(COMMON, at + 1)) {
      if (DamagedEvent.isAt(line, at)) {
        throw damaged();
      }
    }
  }

  private static MalformedLineException damaged() {
    return new MalformedLineException(
        "it has the fields of an mm_page_alloc or mm_page_free event, but is damaged around its name");
  }

  private static EventHeader candidate(String line, int at) {
    boolean isAllocation = line.startsWith(ALLOCATION, at);
    if (!isAllocation && !line.startsWith(FREE, at)) {
      return OTHER;
    }
    int start = start(line, at);
    int end = at + (isAllocation ? ALLOCATION : FREE).length();
    boolean wholeWord =
        (start == 0 || isSpace(line.charAt(start - 1)))
            && (end == line.length() || isSpace(line.charAt(end)));
    return wholeWord ? new EventHeader(isAllocation, end) : OTHER;
  }

  /** Where the event's name starts, its system's name with it. */
  private static int start(String line, int at) {
    return line.startsWith(SYSTEM, at - SYSTEM.length()) ? at - SYSTEM.length() : at;
  }

  /** Whether the time stands before {@code at}, perhaps with the sample's period between. */
  private static boolean followsTime(String line, int at) {
    int end = skipSpacesBack(line, at);
    int start = wordStart(line, end);
    if (start < end && isNumber(line, start, end)) {
      end = skipSpacesBack(line, start);
      start = wordStart(line, end);
    }
    return end - start > 1 && line.charAt(end - 1) == ':' && isNumber(line, start, end - 1);
  }

  private static int skipSpacesBack(String line, int end) {
    int at = end;
    while (at > 0 && isSpace(line.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static int wordStart(String line, int end) {
    int at = end;
    while (at > 0 && !isSpace(line.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean isNumber(String line, int start, int end) {
    for (int at = start; at < end; at++) {
      char c = line.charAt(at);
      if (c != '.' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWithField(String line, int from) {
    int at = from;
    while (at < line.length() && isSpace(line.charAt(at))) {
      at++;
    }
    return line.startsWith("page=", at) || line.startsWith("pfn=", at);
  }

  private static void refuseBeginning(String line, boolean terminated)
      throws MalformedLineException {
    if (line.isBlank()) {
      return;
    }
    if (isCut(line.stripTrailing()) || (!terminated && !TIME_AND_EVENT.matcher(line).find())) {
      throw new MalformedLineException("the line is cut off before the name of its event");
    }
  }

  private static boolean isCut(String line) {
    if (line.length() > MAX_HEADER_CHARS) {
      return false;
    }
    var matcher = CUT_AFTER_TIME.matcher(line);
    boolean cutInName = matcher.matches() && isBeginningOfEvent(matcher.group("event"));
    return cutInName || CUT_IN_TIME.matcher(line).matches();
  }

  private static boolean isBeginningOfEvent(String word) {
    return ALLOCATION.startsWith(word)
        || FREE.startsWith(word)
        || (SYSTEM + ALLOCATION).startsWith(word)
        || (SYSTEM + FREE).startsWith(word);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }
}
