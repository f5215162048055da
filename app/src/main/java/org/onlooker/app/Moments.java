package org.onlooker.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times of the API as people read them. */
final class Moments {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private static final DateTimeFormatter DAY_AND_CLOCK =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private Moments() {}

  /** A citation: {@code [0:42 - 0:43] at 14:05:12}. */
  static String line(JsonNode citation) {
    return line(citation, CLOCK);
  }

  /** What may be of any day: {@code [0:42 - 0:43] at 2026-11-22 14:05:12}. */
  static String dated(JsonNode moment) {
    return line(moment, DAY_AND_CLOCK);
  }

  private static String line(JsonNode document, DateTimeFormatter clock) {
    Instant start = Instant.parse(document.path("startTime").asText());
    return "[" + span(document) + "] at " + clock.format(start.atZone(ZoneId.systemDefault()));
  }

  /** {@code start} and {@code end} of a document, in media time. */
  static String span(JsonNode document) {
    return media(document.path("start").asDouble()) + " - "
        + media(document.path("end").asDouble());
  }

  /** Seconds of media time as {@code 1:02:03}; tenths where they say something. */
  static String media(double seconds) {
    long tenths = Math.round(seconds * 10);
    long whole = tenths / 10;
    String text = whole < 3_600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3_600, whole / 60 % 60, whole % 60);
    return tenths % 10 == 0 ? text : text + "." + tenths % 10;
  }
}
