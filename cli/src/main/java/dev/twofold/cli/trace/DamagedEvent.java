package dev.twofold.cli.trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells a place where a line names one of the two events and is damaged, so that it is not found as
 * one: {@code kmem:mm_page_free page=…} without the colon, {@code mem:mm_page_free: page=…}.
 *
 * <p>Such a place carries the fields of the event, without the name of another event before them,
 * as would stand behind a process whose own name looks like an event.
 */
final class DamagedEvent {

  /** Events like {@code mm_page_free_batched} go on with an underscore, and are others. */
  private static final Pattern NAME = Pattern.compile("mm_page_(?:alloc|free)(?!_)\\S*");

  private static final Pattern OTHER_EVENT = Pattern.compile("\\s\\S*\\w:(?:\\s|$)");

  private DamagedEvent() {}

  /**
   * Returns whether an event was here.
   *
   * @param at a place in {@code line} that does not hold the name of an event and its fields
   */
  static boolean isAt(String line, int at) {
    Matcher name = NAME.matcher(line).region(at, line.length());
    if (!name.lookingAt()) {
      return false;
    }
    int fields = Math.min(line.indexOf("pfn=", at), line.indexOf("order=", at));
    boolean complete = line.indexOf("pfn=", at) > 0 && line.indexOf("order=", at) > 0;
    return complete
        && (fields < name.end() || !OTHER_EVENT.matcher(line).region(name.end(), fields).find());
  }
}
