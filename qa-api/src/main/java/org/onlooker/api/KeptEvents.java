package org.onlooker.api;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The newest events of one session as they were written, for a client that lost its connection.
 * Bounded in number and characters; the oldest leave.
 */
final class KeptEvents {
  static final int EVENTS_MAX = 4_096;
  static final int CHARS_MAX = 256 * 1024;
  private final ArrayDeque<Kept> events = new ArrayDeque<>();
  private int chars;
  private long newest;

  private record Kept(long seq, String text) {}

  /** Keeps what was written; numbers rise by one. */
  void add(long seq, String text) {
    newest = seq;
    events.add(new Kept(seq, text));
    chars += text.length();
    while (events.size() > EVENTS_MAX || chars > CHARS_MAX) {
      chars -= events.remove().text().length();
    }
  }

  /** Number of the oldest event that is kept; of the next one when none is. */
  long oldest() {
    return events.isEmpty() ? newest + 1 : events.element().seq();
  }

  long newest() {
    return newest;
  }

  /** What was written after the event {@code seq}, as far as it is kept. */
  List<String> after(long seq) {
    return events.stream().filter(e -> e.seq() > seq).map(Kept::text).toList();
  }

  int chars() {
    return chars;
  }
}
