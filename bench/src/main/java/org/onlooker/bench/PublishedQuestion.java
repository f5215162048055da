package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;

/** What a question of a published set asks, and what is right; kept in a world's record of it. */
sealed interface PublishedQuestion permits MultipleChoice, OpenQuestion {
  /** Writes the fields {@code question} and {@code answer} and those that {@link #in} reads. */
  void writeTo(ObjectNode question);

  boolean isRight(String said);

  /** What {@link #writeTo} wrote; empty for a question of a drawn world. */
  static Optional<PublishedQuestion> in(JsonNode question) {
    return MultipleChoice.in(question)
        .<PublishedQuestion>map(choice -> choice)
        .or(() -> OpenQuestion.in(question));
  }

  /**
   * @param question a world's, of any kind
   * @param answer the API's answer document
   */
  static boolean isRight(JsonNode question, JsonNode answer) {
    boolean completed = answer.path("status").asText().equals("completed");
    return in(question)
        .map(asked -> completed && asked.isRight(answer.path("answer").asText()))
        .orElseGet(() -> AnswerScorer.isRight(question, answer));
  }

  /** The words in lower case with a blank before, between and behind; articles in front go. */
  static String words(String text) {
    String plain =
        text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    return " " + plain.replaceFirst("^(?:an?|the) (?=.)", "") + " ";
  }
}
