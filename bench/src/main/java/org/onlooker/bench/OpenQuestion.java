package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A question with a reference answer in free words. Its authors let a model judge; here it is right
 * only when it holds the reference word for word, a weak figure that calls many good answers wrong.
 */
record OpenQuestion(String question, String reference) implements PublishedQuestion {
  private static final String REFERENCE = "reference";

  static Optional<OpenQuestion> in(JsonNode question) {
    return question.has(REFERENCE)
        ? Optional.of(new OpenQuestion(
            question.path("question").asText(), question.path(REFERENCE).asText()))
        : Optional.empty();
  }

  @Override
  public void writeTo(ObjectNode node) {
    node.put("question", question).put("answer", reference).put(REFERENCE, reference);
  }

  @Override
  public boolean isRight(String said) {
    String wanted = PublishedQuestion.words(reference);
    return !wanted.isBlank() && PublishedQuestion.words(said).contains(wanted);
  }
}
