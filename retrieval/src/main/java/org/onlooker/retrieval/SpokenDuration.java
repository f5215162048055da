package org.onlooker.retrieval;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: "90 seconds", "an hour and a half", "1m23s". */
final class SpokenDuration {
  private static final List<String> SMALL = List.of(
      ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
              + " fifteen sixteen seventeen eighteen nineteen")
          .split(" "));
  private static final List<String> TENS =
      List.of("twenty thirty forty fifty sixty seventy eighty ninety".split(" "));
  private static final Map<String, Double> VAGUE = Map.of(
      "a",
      1.0,
      "an",
      1.0,
      "half",
      0.5,
      "a half",
      0.5,
      "half a",
      0.5,
      "half an",
      0.5,
      "a few",
      3.0,
      "a couple of",
      2.0,
      "a couple",
      2.0,
      "several",
      5.0);
  private static final Map<String, Double> MORE_VAGUE =
      Map.of("few", 3.0, "couple of", 2.0, "a quarter of an", 0.25, "three quarters of an", 0.75);

  /** A number up to ninety-nine in words. */
  static final String NUMBER_WORD = "(?:(?:" + String.join("|", TENS) + ")(?:[ -](?:"
      + String.join("|", SMALL.subList(1, 10)) + "))?|(?:"
      + String.join("|", SMALL.reversed()) + "))";

  private static final String UNIT =
      "(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|[smhd])(?![a-z])";
  private static final String DIGITS = "\\d+(?:\\.\\d+)?(?: and a half)?[ -]?";
  private static final String WORDS = "(?<![a-z])(?:" + NUMBER_WORD
      + "|half an?|a half|half|a couple(?: of)?|couple of|a few|few|several"
      + "|a quarter of an|three quarters of an|an?)(?: and a half)?[ -]";
  private static final String AMOUNT = "(?:" + DIGITS + "|" + WORDS + ")";
  private static final String PART = AMOUNT + UNIT + "(?: and a half)?";

  /** A whole duration, for use in other patterns. */
  static final String REGEX = PART + "(?:(?:,? and |, ?| ?)" + PART + ")*";

  static final String UNIT_REGEX = UNIT;

  private static final Pattern PARTS =
      Pattern.compile("(?<amount>" + AMOUNT + ")(?<unit>" + UNIT + ")(?<more> and a half)?");

  private SpokenDuration() {}

  /** The duration that matches {@link #REGEX}. */
  static Duration parse(String text) {
    Matcher part = PARTS.matcher(text.toLowerCase(Locale.ROOT));
    double seconds = 0;
    while (part.find()) {
      String amount = part.group("amount");
      boolean half = amount.contains(" and a half") || part.group("more") != null;
      double number = number(amount.replace(" and a half", "").replaceFirst("[ -]$", ""));
      seconds += (number + (half ? 0.5 : 0)) * unitSeconds(part.group("unit"));
    }
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  /** One of a unit, as in "the last minute". */
  static Duration one(String unit) {
    return Duration.ofSeconds(unitSeconds(unit.toLowerCase(Locale.ROOT)));
  }

  static double number(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (Character.isDigit(word.charAt(0))) {
      return Double.parseDouble(word);
    }
    Double vague = VAGUE.getOrDefault(word, MORE_VAGUE.get(word));
    if (vague != null) {
      return vague;
    }
    int small = SMALL.indexOf(word);
    if (small >= 0) {
      return small;
    }
    String[] digits = word.split("[ -]");
    int tens = 20 + 10 * TENS.indexOf(digits[0]);
    return digits.length == 1 ? tens : tens + SMALL.indexOf(digits[1]);
  }

  private static long unitSeconds(String unit) {
    return switch (unit.charAt(0)) {
      case 's' -> 1;
      case 'm' -> 60;
      case 'h' -> 3600;
      case 'd' -> 86_400;
      default -> 604_800;
    };
  }
}
