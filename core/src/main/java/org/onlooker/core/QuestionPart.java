package org.onlooker.core;

/** A piece of a question whose time expressions are resolved. */
public sealed interface QuestionPart {
  record Text(String text) implements QuestionPart {}

  /** A moment, in the label's form that the model was trained on. */
  record Moment(ClipLabel label) implements QuestionPart {}
}
