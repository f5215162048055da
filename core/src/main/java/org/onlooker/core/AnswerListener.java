package org.onlooker.core;

/** Hears how an answer comes about, on the answering thread; must not block for long. */
public interface AnswerListener {
  /** More of the answer's text. */
  void delta(String text);

  void citation(Citation citation);

  /** Called exactly once, last. */
  void done(Answer answer);
}
