package org.onlooker.core;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How a moment is told to people: clock time for a live stream, position for a recording.
 *
 * @param startTime wall time of media time 0
 */
record MomentText(Instant startTime, boolean live, ZoneId zone) {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  /** {@code 14:05:07} or {@code 1:02:03} or {@code 2:03}. */
  String of(Pts pts) {
    if (live) {
      return clock(startTime.plusNanos(pts.micros() * 1_000));
    }
    long seconds = pts.micros() / 1_000_000;
    long hours = seconds / 3600;
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  /** The start of a clip that was shown at {@code shownAt}; a live source may drift. */
  String of(Pts pts, Instant shownAt) {
    return live ? clock(shownAt) : of(pts);
  }

  private String clock(Instant instant) {
    return CLOCK.format(instant.atZone(zone));
  }

  String at(Pts pts) {
    return "at " + of(pts);
  }
}
