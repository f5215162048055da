package org.onlooker.api;

import io.vertx.core.Future;
import org.onlooker.core.Answer;
import org.onlooker.core.AnswerListener;
import org.onlooker.core.Question;
import org.onlooker.core.QuestionAnswerer;

/** The one way to the answerer for all routes; counts how questions end. */
final class Asking {
  private final QuestionAnswerer answerer;
  private final Workers workers;
  private final Metrics metrics;

  Asking(QuestionAnswerer answerer, Workers workers, Metrics metrics) {
    this.answerer = answerer;
    this.workers = workers;
    this.metrics = metrics;
  }

  /** Asks; {@code listener} may hear the answer before the id is known here. */
  Future<String> ask(Question question, AnswerListener listener) {
    return workers
        .run(() -> answerer.ask(question, listener.after(metrics::answered)))
        .onFailure(ignored -> metrics.questionEnded(Answer.Status.REFUSED));
  }

  void cancel(String id) {
    answerer.cancel(id);
  }
}
