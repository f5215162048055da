package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.onlooker.core.Answer;
import org.onlooker.core.AnswerListener;
import org.onlooker.core.Citation;

/**
 * Carries one answer from the answering thread to a client's event loop.
 *
 * <p>Life cycle: 1. constructed and given to {@link Asking#ask}; 2. {@link #accepted} once the id
 * is known, until which events are held back; 3. deltas and citations; 4. done, the last of all.
 * {@link #cancel} may come at any time, on the event loop.
 */
final class AnswerRelay implements AnswerListener {
  private final Context context;
  private final AnswerJson documents;
  private final Asking asking;
  private final Consumer<ServerEvent> out;
  private final List<Runnable> held = new ArrayList<>();
  private Optional<String> answerId = Optional.empty();
  private String clientId = "";
  private boolean cancelled;

  AnswerRelay(Context context, AnswerJson documents, Asking asking, Consumer<ServerEvent> out) {
    this.context = context;
    this.documents = documents;
    this.asking = asking;
    this.out = out;
  }

  /**
   * Lets events through.
   *
   * @param id of the answer
   * @param shownId what its events are called for the client
   */
  void accepted(String id, String shownId) {
    answerId = Optional.of(id);
    clientId = shownId;
    if (cancelled) {
      asking.cancel(id);
    }
    held.forEach(Runnable::run);
    held.clear();
  }

  void cancel() {
    cancelled = true;
    answerId.ifPresent(asking::cancel);
  }

  @Override
  public void delta(String text) {
    send(ServerEvent.Kind.ANSWER_DELTA, "answer.delta", Json.object().put("text", text));
  }

  @Override
  public void citation(Citation citation) {
    ObjectNode body = Json.object();
    body.set("citation", documents.citation(citation));
    send(ServerEvent.Kind.ANSWER_CITATION, "answer.citation", body);
  }

  @Override
  public void done(Answer answer) {
    ObjectNode body = Json.object();
    body.set("answer", documents.answer(answer));
    send(ServerEvent.Kind.REPLY, "answer.done", body);
  }

  private void send(ServerEvent.Kind kind, String type, ObjectNode body) {
    Loop.run(context, () -> whenAccepted(() -> out.accept(event(kind, type, body))));
  }

  private void whenAccepted(Runnable sending) {
    if (answerId.isPresent()) {
      sending.run();
    } else {
      held.add(sending);
    }
  }

  private ServerEvent event(ServerEvent.Kind kind, String type, ObjectNode body) {
    ObjectNode whole = Json.object().put("type", type).put("id", clientId);
    whole.setAll(body);
    return new ServerEvent(kind, clientId, whole);
  }
}
