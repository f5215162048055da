package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.StreamSupport;

/**
 * Says whether an answer is right: it has an accepted wording, or says what the typed truth beside
 * its question holds. {@link #RULES} has one rule for each truth field of {@code questions.json};
 * with {@code declines} it is right to say that one cannot know, and with every other it is wrong.
 *
 * <p>An answer that names more than was true is wrong, so that nothing is won by naming everything.
 */
final class AnswerScorer {
  static final double MOMENT_TOLERANCE_SECONDS = 2;
  private static final double DURATION_TOLERANCE = 0.05;
  private static final double DURATION_TOLERANCE_SECONDS = 1;

  private record Rule(String field, BiPredicate<JsonNode, Said> holds) {}

  private static final List<Rule> RULES = List.of(
      new Rule("objects", (truth, said) -> Things.are(texts(truth), said.text())),
      new Rule("seen", (truth, said) -> said.yesOrNo().equals(Optional.of(truth.asBoolean()))),
      new Rule("moment", AnswerScorer::isMoment),
      new Rule("moments", AnswerScorer::areMoments),
      new Rule("number", (truth, said) -> said.numbers().equals(Set.of(truth.asInt()))),
      new Rule("duration", AnswerScorer::isDuration),
      new Rule("place", (truth, said) -> Vocabulary.isPlace(truth.asText(), said.text())),
      new Rule("direction", (truth, said) -> Vocabulary.isDirection(truth.asText(), said.text())),
      new Rule("color", (truth, said) -> Vocabulary.COLORS.isOnly(truth.asText(), said.text())),
      new Rule("shape", (truth, said) -> Vocabulary.SHAPES.isOnly(truth.asText(), said.text())),
      new Rule("text", (truth, said) -> SignText.is(truth.asText(), said.text())),
      new Rule("facts", (truth, said) -> SpokenFacts.holds(facts(truth), said.text())));

  private AnswerScorer() {}

  /**
   * @param question one of a world's {@code questions.json}
   * @param answer the API's answer document
   */
  static boolean isRight(JsonNode question, JsonNode answer) {
    if (!answer.path("status").asText().equals("completed")) {
      return false;
    }
    Said said = Said.of(answer);
    if (isAccepted(question, said)) {
      return true;
    }
    if (question.path("declines").asBoolean() || Declines.are(said.text())) {
      return question.path("declines").asBoolean() && Declines.are(said.text());
    }
    return RULES.stream()
        .anyMatch(rule ->
            question.has(rule.field()) && rule.holds().test(question.path(rule.field()), said));
  }

  private static boolean isAccepted(JsonNode question, Said said) {
    return StreamSupport.stream(question.path("accepted").spliterator(), false)
        .anyMatch(accepted -> Said.normal(accepted.asText()).equals(said.text()));
  }

  private static boolean isMoment(JsonNode truth, Said said) {
    if (truth.isNull()) {
      return said.moments().isEmpty() && said.isNever();
    }
    return !said.moments().isEmpty()
        && said.moments().stream().allMatch(named -> isNear(named, truth.asDouble()));
  }

  private static boolean areMoments(JsonNode truth, Said said) {
    if (truth.isEmpty()) {
      return said.moments().isEmpty() && said.isNever();
    }
    List<Double> times = new ArrayList<>();
    truth.forEach(time -> times.add(time.asDouble()));
    return times.stream().allMatch(t -> said.moments().stream().anyMatch(m -> isNear(m, t)))
        && said.moments().stream().allMatch(m -> times.stream().anyMatch(t -> isNear(m, t)));
  }

  private static boolean isNear(double named, double time) {
    return Math.abs(named - time) <= MOMENT_TOLERANCE_SECONDS;
  }

  private static boolean isDuration(JsonNode truth, Said said) {
    OptionalDouble seconds = SpokenDuration.seconds(said.text());
    double tolerance = Math.max(DURATION_TOLERANCE_SECONDS, DURATION_TOLERANCE * truth.asDouble());
    return seconds.isPresent() && Math.abs(seconds.getAsDouble() - truth.asDouble()) <= tolerance;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText().toLowerCase(Locale.ROOT)));
    return texts;
  }

  private static List<SpokenFacts.Fact> facts(JsonNode array) {
    List<SpokenFacts.Fact> facts = new ArrayList<>();
    for (JsonNode fact : array) {
      List<String> words = texts(fact);
      facts.add(new SpokenFacts.Fact(words.getFirst(), words.getLast()));
    }
    return facts;
  }
}
