package org.onlooker.retrieval;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A day, or a part of one, that a question names: "yesterday", "this morning", "last Tuesday", "two
 * days ago". A weekday is its latest one before today; morning is 5 to 12, afternoon 12 to 18,
 * evening 17 to 23, night 20 to 6.
 *
 * @param start its start in the day's own zone
 * @param position where it stands in the question
 */
record SpokenDay(LocalDate date, Instant start, Instant end, Position position) {
  private static final String WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday";
  private static final String PART = "morning|afternoon|evening|night";
  private static final Pattern DAY = Pattern.compile(
      "(?:\\b(?:on|from|during|of|in) )?\\b(?:"
          + "(?<before>the day before yesterday)|(?<yesterday>yesterday)|(?<today>today)"
          + "|this (?<thispart>morning|afternoon|evening)|(?<tonight>tonight)"
          + "|(?<lastnight>last night)|last (?<lastpart>evening)"
          + "|(?:last |on |this )(?<weekday>" + WEEKDAY + ")"
          + "|(?<days>" + SpokenDuration.NUMBER_WORD + "|\\d+|an?|a couple of|a few)"
          + " (?<unit>days?|weeks?) ago"
          + ")\\b(?:'s)?(?:,? ?(?:in the |at )?(?<part>" + PART + ")\\b)?",
      Pattern.CASE_INSENSITIVE);

  /** A stretch of the question's characters. */
  record Position(int start, int end) {}

  static Optional<SpokenDay> find(String question, TimeFrame frame) {
    Matcher day = DAY.matcher(question);
    return day.find() ? Optional.of(read(day, frame)) : Optional.empty();
  }

  private static SpokenDay read(Matcher day, TimeFrame frame) {
    LocalDate today = frame.wallNow().toLocalDate();
    LocalDate date = date(day, today);
    String part = part(day);
    LocalTime from = LocalTime.of(
        switch (part) {
          case "morning" -> 5;
          case "afternoon" -> 12;
          case "evening" -> 17;
          case "night" -> 20;
          default -> 0;
        },
        0);
    LocalDate endDate = part.isEmpty() || part.equals("night") ? date.plusDays(1) : date;
    LocalTime to = LocalTime.of(
        switch (part) {
          case "morning" -> 12;
          case "afternoon" -> 18;
          case "evening" -> 23;
          case "night" -> 6;
          default -> 0;
        },
        0);
    return new SpokenDay(
        date,
        frame.wallTime(date, from),
        frame.wallTime(endDate, to),
        new Position(day.start(), day.end()));
  }

  private static String part(Matcher day) {
    if (day.group("tonight") != null || day.group("lastnight") != null) {
      return "night";
    }
    for (String group : new String[] {"part", "thispart", "lastpart"}) {
      if (day.group(group) != null) {
        return day.group(group).toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  private static LocalDate date(Matcher day, LocalDate today) {
    if (day.group("before") != null) {
      return today.minusDays(2);
    }
    if (day.group("yesterday") != null
        || day.group("lastnight") != null
        || day.group("lastpart") != null) {
      return today.minusDays(1);
    }
    if (day.group("weekday") != null) {
      DayOfWeek weekday = DayOfWeek.valueOf(day.group("weekday").toUpperCase(Locale.ROOT));
      return today.with(TemporalAdjusters.previous(weekday));
    }
    if (day.group("days") != null) {
      long count = (long) SpokenDuration.number(day.group("days"));
      boolean weeks = day.group("unit").toLowerCase(Locale.ROOT).startsWith("week");
      return today.minusDays(weeks ? 7 * count : count);
    }
    return today;
  }
}
