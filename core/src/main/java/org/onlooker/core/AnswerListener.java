package org.onlooker.core;

import java.util.function.Consumer;

/** Hears how an answer comes about, on the answering thread; must not block for long. */
public interface AnswerListener {
  /** More of the answer's text. */
  void delta(String text);

  void citation(Citation citation);

  /** Called exactly once, last. */
  void done(Answer answer);

  /** This listener, and before it hears the end, {@code end} does. */
  default AnswerListener after(Consumer<Answer> end) {
    AnswerListener listener = this;
    return new AnswerListener() {
      @Override
      public void delta(String text) {
        listener.delta(text);
      }

      @Override
      public void citation(Citation citation) {
        listener.citation(citation);
      }

      @Override
      public void done(Answer answer) {
        end.accept(answer);
        listener.done(answer);
      }
    };
  }
}
