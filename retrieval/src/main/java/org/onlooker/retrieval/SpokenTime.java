package org.onlooker.retrieval;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.onlooker.core.Pts;

/**
 * A point in time that a question names, before it is known which clock it is on.
 *
 * <p>"1:23" may be a position in the stream (m:ss; h:mm:ss with two colons) or a time of day. The
 * reading that lies in what was watched is taken. When both do, the time of day is taken of a live
 * stream from an hour on, when positions no longer look like m:ss, and else the position. A time of
 * day is its latest one before now; without am or pm, and written with one digit or above nine, it
 * may be either half of the day. With a day ("yesterday at 9"), am or pm, it is never a position.
 */
final class SpokenTime {
  private static final String MERIDIEM = "(?:[ap]m\\b|[ap]\\.m\\.)";
  private static final String HALF_OF_DAY =
      "(?: in the morning| in the afternoon| in the evening| at night)";
  private static final String COLON =
      "\\d{1,2}:[0-5]\\d(?::[0-5]\\d)?(?!\\d)(?: ?" + MERIDIEM + ")?" + HALF_OF_DAY + "?";
  private static final String HOUR = "(?:\\d{1,2}|" + SpokenDuration.NUMBER_WORD + ")" + "(?: ?"
      + MERIDIEM + "| o'clock" + HALF_OF_DAY + "?|" + HALF_OF_DAY + ")";
  private static final String NAMED = "(?:noon|midday|midnight)\\b";
  private static final String POSITION =
      "(?:the )?(?:second|minute) (?:\\d+|" + SpokenDuration.NUMBER_WORD + ")\\b";
  private static final String AGO = SpokenDuration.REGEX + " ago\\b";

  /** What is a point in time on its own. */
  static final String REGEX =
      "(?:" + AGO + "|" + COLON + "|" + HOUR + "|" + NAMED + "|" + POSITION + ")";

  /** With a bare hour, which only its surroundings make a time. */
  static final String LOOSE_REGEX =
      "(?:" + REGEX + "|(?:\\d{1,2}|" + SpokenDuration.NUMBER_WORD + ")(?![\\d:.]))";

  private static final Pattern DIGITS =
      Pattern.compile("(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2}))?.*");
  private static final long HOUR_MICROS = 3_600_000_000L;

  /** The two readings of a time. */
  private enum Clock {
    MEDIA,
    WALL
  }

  private final TimeFrame frame;
  private final Optional<SpokenDay> day;

  SpokenTime(TimeFrame frame, Optional<SpokenDay> day) {
    this.frame = frame;
    this.day = day;
  }

  /** Whether a text that matches {@link #LOOSE_REGEX} is a time without its surroundings. */
  static boolean isStrict(String text) {
    return text.toLowerCase(Locale.ROOT).matches(REGEX);
  }

  /** The moment that {@code text} names; empty when it lies outside what was watched. */
  Optional<Pts> resolve(String text) {
    return choose(text.toLowerCase(Locale.ROOT)).map(reading -> reading.pts);
  }

  /** The end of a stretch that starts at {@code from}, read on the same clock. */
  Pts resolveEnd(String from, String to) {
    String end = to.toLowerCase(Locale.ROOT);
    Clock clock = choose(from.toLowerCase(Locale.ROOT)).map(r -> r.clock).orElse(Clock.WALL);
    Pts start = resolve(from).orElse(Pts.ZERO);
    return readings(end).stream()
        .filter(reading -> reading.clock == clock || readings(end).size() == 1)
        .map(reading -> reading.pts.isBefore(start) && clock == Clock.WALL
            ? reading.pts.plusMicros(24 * HOUR_MICROS)
            : reading.pts)
        .filter(pts -> !pts.isBefore(start))
        .min(Comparator.naturalOrder())
        .orElse(start);
  }

  private record Reading(Clock clock, Pts pts) {}

  private Optional<Reading> choose(String text) {
    List<Reading> watched =
        readings(text).stream().filter(reading -> frame.contains(reading.pts)).toList();
    boolean ofDay = frame.live() && frame.now().micros() >= HOUR_MICROS;
    Clock preferred = ofDay ? Clock.WALL : Clock.MEDIA;
    return watched.stream()
        .filter(reading -> reading.clock == preferred)
        .findFirst()
        .or(() -> watched.stream().findFirst())
        .map(reading -> new Reading(reading.clock, frame.clamped(reading.pts)));
  }

  /** All readings; of the times of day the likeliest first. */
  private List<Reading> readings(String text) {
    if (text.endsWith("ago")) {
      return media(frame.ago(SpokenDuration.parse(text)));
    }
    if (text.matches(POSITION)) {
      String[] words = text.replaceFirst("^the ", "").split(" ", 2);
      double count = SpokenDuration.number(words[1]);
      return media(Pts.ofSeconds(words[0].equals("minute") ? 60 * count : count));
    }
    Matcher digits = DIGITS.matcher(text);
    if (digits.matches()) {
      return colonReadings(text, digits);
    }
    if (text.startsWith("noon") || text.startsWith("midday")) {
      return wall(List.of(LocalTime.NOON));
    }
    if (text.startsWith("midnight")) {
      return wall(List.of(LocalTime.MIDNIGHT));
    }
    int hour = (int) SpokenDuration.number(text.replaceFirst("(?: ?[ap]\\.?m| o'| in| at).*$", ""));
    return hour > 24 ? List.of() : wall(timesOfDay(text, hour, 0, 0));
  }

  private List<Reading> colonReadings(String text, Matcher digits) {
    int hour = Integer.parseInt(digits.group("hour"));
    int minute = Integer.parseInt(digits.group("minute"));
    boolean hasSeconds = digits.group("second") != null;
    int second = hasSeconds ? Integer.parseInt(digits.group("second")) : 0;
    List<Reading> readings = new ArrayList<>();
    if (day.isEmpty() && halfOfDay(text).isEmpty()) {
      int seconds = hasSeconds ? hour * 3600 + minute * 60 + second : hour * 60 + minute;
      readings.add(new Reading(Clock.MEDIA, Pts.ofSeconds(seconds)));
    }
    if (hour <= 24) {
      readings.addAll(wall(timesOfDay(text, hour, minute, second)));
    }
    return readings;
  }

  private static List<LocalTime> timesOfDay(String text, int hour, int minute, int second) {
    LocalTime asWritten = LocalTime.of(hour % 24, minute, second);
    Optional<Boolean> afternoon = halfOfDay(text);
    if (hour == 0 || hour > 12) {
      return List.of(asWritten);
    }
    LocalTime morning = LocalTime.of(hour % 12, minute, second);
    LocalTime evening = morning.plusHours(12);
    if (afternoon.isPresent()) {
      return List.of(afternoon.get() ? evening : morning);
    }
    return text.startsWith("0") ? List.of(asWritten) : List.of(morning, evening);
  }

  /** Whether the text says it is the second half of the day; empty when it says nothing. */
  private static Optional<Boolean> halfOfDay(String text) {
    if (text.matches(".*(?:pm|p\\.m\\.|afternoon|evening|night)")) {
      return Optional.of(true);
    }
    return text.matches(".*(?:am|a\\.m\\.|morning)") ? Optional.of(false) : Optional.empty();
  }

  private static List<Reading> media(Pts pts) {
    return List.of(new Reading(Clock.MEDIA, pts));
  }

  private List<Reading> wall(List<LocalTime> times) {
    List<Instant> instants = new ArrayList<>();
    for (LocalTime time : times) {
      instants.addAll(day.map(d -> onDay(d, time)).orElseGet(() -> latest(time)));
    }
    if (day.isEmpty()) {
      instants.sort(Comparator.reverseOrder());
    }
    return instants.stream()
        .map(instant -> new Reading(Clock.WALL, frame.mediaTime(instant)))
        .toList();
  }

  /** On the named day, within its named part where there is one. */
  private List<Instant> onDay(SpokenDay named, LocalTime time) {
    List<Instant> found = new ArrayList<>();
    for (LocalDate date : List.of(named.date(), named.date().plusDays(1))) {
      Instant instant = frame.wallTime(date, time);
      if (!instant.isBefore(named.start()) && instant.isBefore(named.end())) {
        found.add(instant);
      }
    }
    return found;
  }

  private List<Instant> latest(LocalTime time) {
    LocalDate today = frame.wallNow().toLocalDate();
    Instant onToday = frame.wallTime(today, time);
    boolean past = frame.contains(frame.mediaTime(onToday))
        || onToday.isBefore(frame.wallNow().toInstant());
    return List.of(past ? onToday : frame.wallTime(today.minusDays(1), time));
  }
}
