package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One answer to one question.
 *
 * @param seen the truth of a yes/no question
 */
record Scored(String task, Age age, Optional<Boolean> seen, boolean isRight, Told told) {
  /**
   * What the answer says of itself.
   *
   * @param refused the policy could not serve the question
   * @param declined says that it cannot know; empty for a question that nobody could answer
   * @param evidenceHeld whether the context held any evidence; empty where there is none
   */
  record Told(
      boolean refused,
      Optional<Boolean> declined,
      Optional<Boolean> evidenceHeld,
      double recallMillis,
      double firstTokenMillis) {}

  static Scored of(JsonNode question, JsonNode answer) {
    Evidence evidence = Evidence.of(question);
    JsonNode seen = question.path("seen");
    return new Scored(
        question.path("task").asText(),
        evidence.age(),
        seen.isBoolean() ? Optional.of(seen.asBoolean()) : Optional.empty(),
        PublishedQuestion.isRight(question, answer),
        told(question, evidence, answer));
  }

  private static Told told(JsonNode question, Evidence evidence, JsonNode answer) {
    boolean knowable = !question.path("declines").asBoolean();
    boolean declined = Declines.are(Said.of(answer).text());
    return new Told(
        answer.path("status").asText().equals("refused"),
        knowable ? Optional.of(declined) : Optional.empty(),
        evidence.spans().isEmpty() ? Optional.empty() : Optional.of(evidence.isHeldBy(answer)),
        answer.path("timings").path("recallMillis").asDouble(),
        answer.path("timings").path("firstTokenMillis").asDouble());
  }
}
