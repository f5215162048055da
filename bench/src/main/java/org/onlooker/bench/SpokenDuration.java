package org.onlooker.bench;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long something took, as English says it: "a minute and a half", "1 min 5 s", "1:05". */
final class SpokenDuration {
  private static final String UNIT = "(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\\b";
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)[ -]?" + UNIT);
  private static final Pattern CLOCK_ONLY = Pattern.compile("\\D*(\\d+):(\\d{2})\\D*");
  private static final int SECONDS_OF_MINUTE = 60;
  private static final int SECONDS_OF_HOUR = 3_600;

  private SpokenDuration() {}

  /** Empty where a text names none, or a range, or a number that belongs to nothing. */
  static OptionalDouble seconds(String text) {
    Matcher clock = CLOCK_ONLY.matcher(text);
    if (clock.matches()) {
      return OptionalDouble.of(Integer.parseInt(clock.group(1)) * (double) SECONDS_OF_MINUTE
          + Integer.parseInt(clock.group(2)));
    }
    String digits = halvesInDigits(SpokenNumbers.inDigits(Said.withoutClocks(text)));
    Matcher part = PART.matcher(digits);
    double seconds = 0;
    boolean found = false;
    while (part.find()) {
      seconds += Double.parseDouble(part.group(1)) * secondsOf(part.group(2));
      found = true;
    }
    boolean left = part.replaceAll("").chars().anyMatch(Character::isDigit);
    return found && !left ? OptionalDouble.of(seconds) : OptionalDouble.empty();
  }

  private static String halvesInDigits(String text) {
    return text.replaceAll("\\bhalf an? " + UNIT, "0.5 $1")
        .replaceAll("(\\d+) and a half " + UNIT, "$1.5 $2")
        .replaceAll("(\\d+) " + UNIT + " and a half\\b", "$1.5 $2")
        .replaceAll("\\ban? " + UNIT + " and a half\\b", "1.5 $1")
        .replaceAll("\\ban? " + UNIT, "1 $1");
  }

  private static int secondsOf(String unit) {
    return switch (unit.charAt(0)) {
      case 'h' -> SECONDS_OF_HOUR;
      case 'm' -> SECONDS_OF_MINUTE;
      default -> 1;
    };
  }
}
