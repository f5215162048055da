package org.onlooker.core;

/** placeholder signatures, implemented by the lead in this session */
public final class QuestionAnswerer implements AutoCloseable {
  private QuestionAnswerer() {}

  /**
   * Admits a question and answers it on a worker thread.
   *
   * @return the answer's id
   * @throws Refused when over capacity ({@code OVERLOADED}), for an unknown stream or policy
   */
  public String ask(Question question, AnswerListener listener) throws Refused {
    throw new Refused(Refused.Kind.OVERLOADED, question.text() + listener);
  }

  /** Stops an answer; false when there is none of that id (any more). */
  public boolean cancel(String id) {
    return id.isEmpty();
  }

  /** Questions being answered or waiting, for metrics. */
  public int inFlight() {
    return 0;
  }

  @Override
  public void close() {}
}
