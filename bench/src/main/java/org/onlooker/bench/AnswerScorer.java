package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Says whether an answer is right, by the truth that stands with its question: any accepted
 * wording, or else the same set of things, the same yes or no, or a moment within the tolerance.
 */
final class AnswerScorer {
  static final double MOMENT_TOLERANCE_SECONDS = 2;
  private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*(?:and\\s+)?|\\s+and\\s+");
  private static final Pattern ARTICLE = Pattern.compile("^(?:an?|the|some)\\s+");
  private static final Pattern CLOCK = Pattern.compile("(?:(\\d+):)?(\\d{1,2}):(\\d{2})(?!\\d)");

  private AnswerScorer() {}

  /**
   * @param question one of a world's {@code questions.json}
   * @param answer the API's answer document
   */
  static boolean isRight(JsonNode question, JsonNode answer) {
    if (!answer.path("status").asText().equals("completed")) {
      return false;
    }
    String said = normal(answer.path("answer").asText());
    if (StreamSupport.stream(question.path("accepted").spliterator(), false)
        .anyMatch(accepted -> normal(accepted.asText()).equals(said))) {
      return true;
    }
    if (question.has("objects")) {
      return said.equals("nothing")
          ? question.path("objects").isEmpty()
          : things(said).equals(texts(question.path("objects")));
    }
    if (question.has("seen")) {
      return opens(said).equals(Optional.of(question.path("seen").asBoolean()));
    }
    return question.path("moment").isNumber()
        && moment(said, answer).stream()
            .anyMatch(at ->
                Math.abs(at - question.path("moment").asDouble()) <= MOMENT_TOLERANCE_SECONDS);
  }

  private static String normal(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replaceAll("[.!]+$", "");
  }

  /** The things that a list like "an apple, a dog and two cars" names, without articles. */
  private static Set<String> things(String list) {
    Set<String> things = new TreeSet<>();
    for (String item : SEPARATOR.split(list)) {
      things.add(ARTICLE.matcher(item).replaceFirst(""));
    }
    return things;
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new TreeSet<>();
    array.forEach(item -> texts.add(item.asText().toLowerCase(Locale.ROOT)));
    return texts;
  }

  private static Optional<Boolean> opens(String said) {
    String first = Arrays.stream(said.split("[^a-z]+", 2)).findFirst().orElse("");
    return switch (first) {
      case "yes" -> Optional.of(true);
      case "no" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** The moment that the answer names: of its citation, else as it stands in the text. */
  private static OptionalDouble moment(String said, JsonNode answer) {
    for (JsonNode citation : answer.path("citations")) {
      if (citation.path("signals").has("answer")) {
        return OptionalDouble.of(citation.path("start").asDouble());
      }
    }
    Matcher clock = CLOCK.matcher(said);
    if (!clock.find()) {
      return OptionalDouble.empty();
    }
    int hours = clock.group(1) == null ? 0 : Integer.parseInt(clock.group(1));
    return OptionalDouble.of(
        hours * 3600.0 + Integer.parseInt(clock.group(2)) * 60 + Integer.parseInt(clock.group(3)));
  }
}
