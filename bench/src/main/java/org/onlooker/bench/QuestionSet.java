package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One shape that a file of questions about videos can have. A new shape is one class and its place
 * in {@link #ALL}.
 */
sealed interface QuestionSet
    permits WorldQuestions, StreamingBenchQuestions, OvoBenchQuestions, RvsQuestions {
  List<QuestionSet> ALL = List.of(
      new WorldQuestions(),
      new StreamingBenchQuestions(),
      new OvoBenchQuestions(),
      new RvsQuestions());

  /** What makes a file one of this shape, for the message when it is of none. */
  String shape();

  /** By the first entry alone. */
  boolean recognises(JsonNode document);

  /** Puts every question into {@code reading}, or says there why it is left out. */
  void read(JsonNode document, QuestionReading reading);
}
