package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer says.
 *
 * @param text lower case, without the full stop
 * @param moments seconds of media time that it names, in its order
 */
record Said(String text, List<Double> moments) {
  private static final Pattern CLOCK = Pattern.compile("(?:(\\d+):)?(\\d{1,2}):(\\d{2})(?!\\d)");
  private static final Pattern NEVER = Pattern.compile("never|no|nope|none|not once|not at all"
      + "|(?:never|no|not at all)\\b.*|.*\\b(?:was|were|is|has|have|did) (?:never|not)\\b.*"
      + "|.*\\b(?:haven't|hasn't|wasn't|didn't)\\b.*");
  private static final Pattern YES = Pattern.compile("(?:yes|yeah|yep)\\b.*");
  private static final Pattern NO = Pattern.compile("(?:no|nope|never)\\b.*");

  Said {
    moments = List.copyOf(moments);
  }

  /**
   * Reads the API's answer document. Moments that the model named are cited as such; the citations
   * are taken where each moment has one, since the text may give the time of day instead.
   */
  static Said of(JsonNode answer) {
    String text = normal(answer.path("answer").asText());
    List<Double> cited = new ArrayList<>();
    for (JsonNode citation : answer.path("citations")) {
      if (citation.path("signals").has("answer")) {
        cited.add(citation.path("start").asDouble());
      }
    }
    List<Double> clocks = clocks(text);
    boolean allCited = !cited.isEmpty() && cited.size() >= new HashSet<>(clocks).size();
    return new Said(text, allCited ? cited : clocks);
  }

  static String normal(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replace('\u2019', '\'').replaceAll("[.!]+$", "");
  }

  private static List<Double> clocks(String text) {
    List<Double> clocks = new ArrayList<>();
    Matcher clock = CLOCK.matcher(text);
    while (clock.find()) {
      int hours = clock.group(1) == null ? 0 : Integer.parseInt(clock.group(1));
      int minutes = Integer.parseInt(clock.group(2));
      clocks.add(hours * 3600.0 + minutes * 60 + Integer.parseInt(clock.group(3)));
    }
    return clocks;
  }

  static String withoutClocks(String text) {
    return CLOCK.matcher(text).replaceAll(" ");
  }

  /** The distinct whole numbers named, times of the clock apart. */
  Set<Integer> numbers() {
    return SpokenNumbers.in(withoutClocks(text));
  }

  /** Says that it was not seen at all. */
  boolean isNever() {
    return NEVER.matcher(text).matches();
  }

  Optional<Boolean> yesOrNo() {
    if (YES.matcher(text).matches()) {
      return Optional.of(true);
    }
    return NO.matcher(text).matches() ? Optional.of(false) : Optional.empty();
  }
}
