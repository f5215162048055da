package org.onlooker.app;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as a person types it: {@code 14:05}, {@code 14:05:30}, {@code 2026-11-22 14:05}, {@code 10
 * minutes ago}, {@code 2026-11-22T14:05:00Z}, or {@code 125.5} seconds of media time. Of a
 * recording, {@code 2:05} and {@code 1:02:05} are positions in it, as answers tell them.
 */
sealed interface TypedTime {
  /** Wall time. */
  record At(Instant time) implements TypedTime {}

  /** Seconds of media time. */
  record Media(double seconds) implements TypedTime {}

  Pattern SECONDS = Pattern.compile("\\d{1,9}(?:\\.\\d{1,6})?");
  Pattern COLONS = Pattern.compile("(?:(\\d{1,3}):)?(\\d{1,3}):(\\d\\d(?:\\.\\d{1,6})?)");
  Pattern AGO = Pattern.compile(
      "(\\d{1,6})\\s*(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?)"
          + "\\s+ago");
  List<Duration> UNITS = List.of(
      Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(1));

  /**
   * Reads what was typed; a clock time is the last one that was.
   *
   * @param option it was typed for
   * @param ofRecording whether it is about a file, which has positions and no times of day
   * @throws ClientException when it is no time
   */
  static TypedTime read(String text, String option, boolean ofRecording, Instant now, ZoneId zone)
      throws ClientException {
    String typed = text.strip().toLowerCase(Locale.ROOT);
    Matcher colons = COLONS.matcher(typed);
    Matcher ago = AGO.matcher(typed);
    if (SECONDS.matcher(typed).matches()) {
      return new Media(Double.parseDouble(typed));
    }
    if (ofRecording && colons.matches()) {
      return new Media(position(colons));
    }
    if (ago.matches()) {
      return new At(now.minus(length(ago)));
    }
    try {
      return new At(instant(typed, now, zone));
    } catch (DateTimeException e) {
      throw new ClientException(
          ExitCode.USAGE,
          option + " \"" + text + "\" is no time: type 14:05, \"2026-11-22 14:05\", \"10 minutes"
              + " ago\", 2026-11-22T14:05:00Z, or seconds of media time");
    }
  }

  private static Duration length(Matcher ago) {
    Duration length = Duration.ZERO;
    for (int unit = 0; unit < UNITS.size(); unit++) {
      if (ago.group(unit + 2) != null) {
        length = UNITS.get(unit).multipliedBy(Long.parseLong(ago.group(1)));
      }
    }
    return length;
  }

  private static double position(Matcher colons) {
    double hours = colons.group(1) == null ? 0 : Double.parseDouble(colons.group(1));
    return hours * 3_600
        + Double.parseDouble(colons.group(2)) * 60
        + Double.parseDouble(colons.group(3));
  }

  private static Instant instant(String typed, Instant now, ZoneId zone) {
    if (typed.endsWith("z") || typed.matches(".*t.*[+-]\\d\\d:\\d\\d")) {
      return OffsetDateTime.parse(typed.toUpperCase(Locale.ROOT)).toInstant();
    }
    if (typed.length() > "14:05:30".length()) {
      return LocalDateTime.parse(typed.replace(' ', 'T').toUpperCase(Locale.ROOT))
          .atZone(zone)
          .toInstant();
    }
    String padded = typed.indexOf(':') == 1 ? "0" + typed : typed;
    ZonedDateTime today =
        LocalTime.parse(padded).atDate(now.atZone(zone).toLocalDate()).atZone(zone);
    return (today.toInstant().isAfter(now) ? today.minusDays(1) : today).toInstant();
  }

  /** As the API's {@code from} and {@code to} take it. */
  default String parameter() {
    return switch (this) {
      case At at -> at.time().toString();
      case Media media -> Double.toString(media.seconds());
    };
  }

  /** @param startTime of the stream's media time 0 */
  default double seconds(Instant startTime) {
    return switch (this) {
      case At at -> Math.max(0, Duration.between(startTime, at.time()).toMillis() / 1e3);
      case Media media -> media.seconds();
    };
  }
}
